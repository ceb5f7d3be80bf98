-- 一、没有有效许可；二、某一年欠费达到下限。
WITH unlicensed AS (
  SELECT w.well_code, w.enterprise, '没有有效的取水许可证' AS finding, CAST(NULL AS BIGINT) AS year,
         CAST(0 AS DECIMAL(18, 4)) AS owed, w.row AS well_row, CAST(NULL AS BIGINT) AS fee_row
  FROM well AS w
  WHERE NOT EXISTS (
    SELECT p.row FROM permit AS p WHERE p.well_code = w.well_code AND p.valid_to >= $on_day
  )
),
owing AS (
  SELECT w.well_code, w.enterprise, '拖欠水资源费' AS finding, f.year,
         f.due - f.paid AS owed, w.row AS well_row, f.row AS fee_row
  FROM well AS w
  JOIN fee AS f ON f.well_code = w.well_code
  WHERE f.due - f.paid >= $least
),
found AS (
  SELECT u.well_code, u.enterprise, u.finding, u.year, u.owed, u.well_row, u.fee_row FROM unlicensed AS u
  UNION ALL
  SELECT o.well_code, o.enterprise, o.finding, o.year, o.owed, o.well_row, o.fee_row FROM owing AS o
)
SELECT x.well_code, x.enterprise, x.finding, x.year, x.owed, x.well_row, x.fee_row
FROM found AS x
