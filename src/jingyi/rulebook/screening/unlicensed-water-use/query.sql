-- 一、查验日没有有效许可证的设施；二、单个设施一年取水超过许可量乘以倍数。
WITH unlicensed AS (
  SELECT p.device_code, p.credit_code, p.enterprise, '没有有效的取水许可证' AS finding,
         CAST(NULL AS BIGINT) AS year, CAST(NULL AS DECIMAL(18, 4)) AS volume,
         p.row AS pump_row, CAST(NULL AS BIGINT) AS permit_row, CAST(NULL AS BIGINT) AS meter_row
  FROM pump AS p
  WHERE NOT EXISTS (
    SELECT q.row FROM permit AS q WHERE q.credit_code = p.credit_code AND q.valid_to >= $on_day
  )
),
beyond AS (
  SELECT p.device_code, p.credit_code, p.enterprise, '取水量超过许可量' AS finding,
         m.year, m.volume, p.row AS pump_row, q.row AS permit_row, m.row AS meter_row
  FROM pump AS p
  JOIN permit AS q ON q.credit_code = p.credit_code
  JOIN meter AS m ON m.device_code = p.device_code
  WHERE m.volume > q.quota * $times
),
found AS (
  SELECT u.device_code, u.credit_code, u.enterprise, u.finding, u.year, u.volume,
         u.pump_row, u.permit_row, u.meter_row
  FROM unlicensed AS u
  UNION ALL
  SELECT b.device_code, b.credit_code, b.enterprise, b.finding, b.year, b.volume,
         b.pump_row, b.permit_row, b.meter_row
  FROM beyond AS b
)
SELECT f.device_code, f.credit_code, f.enterprise, f.finding, f.year, f.volume,
       f.pump_row, f.permit_row, f.meter_row
FROM found AS f
