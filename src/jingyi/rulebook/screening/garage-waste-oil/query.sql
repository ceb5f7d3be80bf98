-- 应产生废机油 = 购入 × 产废系数；联单重量不足的列出，没有联单按零计。
WITH oil_year AS (
  SELECT o.credit_code, year(o.bought_on) AS year, o.kilograms, o.row AS oil_row FROM oil AS o
),
manifest_year AS (
  SELECT m.credit_code, year(m.moved_on) AS year, m.kilograms, m.row AS manifest_row FROM manifest AS m
),
bought AS (
  SELECT o.credit_code, o.year, sum(o.kilograms) AS kilograms, array_agg(o.oil_row) AS oil_row
  FROM oil_year AS o
  GROUP BY o.credit_code, o.year
),
moved AS (
  SELECT m.credit_code, m.year, sum(m.kilograms) AS kilograms, array_agg(m.manifest_row) AS manifest_row
  FROM manifest_year AS m
  GROUP BY m.credit_code, m.year
)
SELECT g.credit_code, g.enterprise, b.year, b.kilograms AS bought,
       coalesce(m.kilograms, 0) AS moved, g.row AS garage_row, b.oil_row, m.manifest_row
FROM garage AS g
JOIN bought AS b ON b.credit_code = g.credit_code
LEFT JOIN moved AS m ON m.credit_code = b.credit_code AND m.year = b.year
WHERE b.kilograms * $rate > coalesce(m.kilograms, 0) AND b.kilograms >= $least
