-- 理论用水量（头数 × 定额）的容许比例，仍高于同年计费量。
WITH slaughter_year AS (
  SELECT s.credit_code, year(s.month) AS year, s.heads, s.row AS slaughter_row
  FROM slaughter AS s
),
bill_year AS (
  SELECT b.credit_code, year(b.month) AS year, b.volume, b.row AS bill_row
  FROM bill AS b
),
slaughtered AS (
  SELECT s.credit_code, s.year, CAST(sum(s.heads) AS BIGINT) AS heads, array_agg(s.slaughter_row) AS slaughter_row
  FROM slaughter_year AS s
  GROUP BY s.credit_code, s.year
),
billed AS (
  SELECT b.credit_code, b.year, sum(b.volume) AS volume, array_agg(b.bill_row) AS bill_row
  FROM bill_year AS b
  GROUP BY b.credit_code, b.year
),
compared AS (
  SELECT h.credit_code, h.enterprise, s.year, s.heads, s.heads * $quota AS theory,
         coalesce(b.volume, 0) AS billed, h.row AS house_row, s.slaughter_row, b.bill_row
  FROM house AS h
  JOIN slaughtered AS s ON s.credit_code = h.credit_code
  LEFT JOIN billed AS b ON b.credit_code = s.credit_code AND b.year = s.year
)
SELECT c.credit_code, c.enterprise, c.year, c.heads, c.theory, c.billed,
       c.house_row, c.slaughter_row, c.bill_row
FROM compared AS c
WHERE c.theory * $share > c.billed
