-- 施工期内（在建的到查验日为止）没有任何一个月申报。
WITH building AS (
  SELECT p.project_code, p.project_name, p.credit_code, p.enterprise, p.area, p.started_on,
         p.row AS project_row,
         CASE WHEN p.ended_on IS NULL OR p.ended_on > $on_day THEN $on_day ELSE p.ended_on END AS until
  FROM project AS p
  WHERE p.area >= $least_area AND p.started_on < $on_day
)
SELECT b.project_code, b.project_name, b.credit_code, b.enterprise, b.area, b.started_on, b.project_row
FROM building AS b
WHERE NOT EXISTS (
  SELECT d.row
  FROM declaration AS d
  WHERE d.credit_code = b.credit_code AND last_day(d.month) >= b.started_on AND d.month <= b.until
)
