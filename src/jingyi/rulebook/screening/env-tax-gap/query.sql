-- 监测量按年合计达到下限，同年没有任何申报。
WITH measured AS (
  SELECT m.credit_code, year(m.measured_on) AS year, m.kilograms, m.row AS monitoring_row
  FROM monitoring AS m
),
emitted AS (
  SELECT m.credit_code, m.year, sum(m.kilograms) AS kilograms, array_agg(m.monitoring_row) AS monitoring_row
  FROM measured AS m
  GROUP BY m.credit_code, m.year
)
SELECT p.credit_code, p.enterprise, e.year, e.kilograms, p.row AS permit_row, e.monitoring_row
FROM permit AS p
JOIN emitted AS e ON e.credit_code = p.credit_code
WHERE e.kilograms >= $least
  AND NOT EXISTS (
    SELECT d.row FROM declaration AS d WHERE d.credit_code = e.credit_code AND year(d.month) = e.year
  )
