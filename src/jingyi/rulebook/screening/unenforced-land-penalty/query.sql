-- 裁定六个月以后建筑仍在，且其后没有“已拆除”的影像。
WITH standing AS (
  SELECT d.decision_number, d.party, d.plot_code, r.ruled_on, i.seen_on,
         d.row AS decision_row, r.row AS ruling_row, i.row AS image_row
  FROM decision AS d
  JOIN ruling AS r ON r.decision_number = d.decision_number
  JOIN image AS i ON i.plot_code = d.plot_code
  WHERE r.outcome LIKE '准予%' AND i.standing = '是' AND i.seen_on > r.ruled_on + INTERVAL 6 MONTH
),
last_seen AS (
  SELECT s.decision_number, s.party, s.plot_code, s.ruled_on, s.decision_row, s.ruling_row,
         max(s.seen_on) AS seen_on, array_agg(s.image_row) AS image_row
  FROM standing AS s
  GROUP BY s.decision_number, s.party, s.plot_code, s.ruled_on, s.decision_row, s.ruling_row
)
SELECT l.decision_number, l.party, l.plot_code, l.ruled_on, l.seen_on, l.decision_row, l.ruling_row, l.image_row
FROM last_seen AS l
WHERE date_diff('day', l.seen_on, $on_day) <= $fresh
  AND NOT EXISTS (
    SELECT i.row FROM image AS i
    WHERE i.plot_code = l.plot_code AND i.standing = '否' AND i.seen_on >= l.seen_on
  )
