-- 一、死亡次月起仍发；二、未满八十周岁发放（按足龄当月起算）。
WITH wrong AS (
  SELECT r.id_number, r.person_name, r.row AS resident_row, a.amount, a.row AS allowance_row,
         CASE WHEN r.died_on IS NOT NULL AND a.month > last_day(r.died_on) THEN '死亡后发放'
              WHEN last_day(a.month) < r.born_on + INTERVAL 80 YEAR THEN '未满八十周岁发放'
              ELSE '' END AS finding
  FROM resident AS r
  JOIN allowance AS a ON a.id_number = r.id_number
  WHERE a.amount > 0
),
summed AS (
  SELECT w.id_number, w.person_name, w.finding, w.resident_row,
         count(*) AS payments, sum(w.amount) AS total, array_agg(w.allowance_row) AS allowance_row
  FROM wrong AS w
  WHERE w.finding <> ''
  GROUP BY w.id_number, w.person_name, w.finding, w.resident_row
)
SELECT s.id_number, s.person_name, s.finding, s.payments, s.total, s.resident_row, s.allowance_row
FROM summed AS s
WHERE s.total >= $least
