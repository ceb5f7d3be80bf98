-- 新增建筑 ∩ 永久基本农田，且发现之日以前没有批准。
SELECT c.plot_code, c.found_on, c.change, o.zone, o.area, c.row AS change_row, o.row AS overlap_row
FROM change AS c
JOIN overlap AS o ON o.plot_code = c.plot_code
WHERE contains(c.change, '建筑') AND o.area >= $least_area
  AND NOT EXISTS (
    SELECT a.row FROM approval AS a WHERE a.plot_code = c.plot_code AND a.approved_on <= c.found_on
  )
