-- 失效后仍有读数，且读数当日没有另一张有效许可证。
WITH after AS (
  SELECT p.permit_number, p.credit_code, p.enterprise, p.ended_on, p.row AS permit_row,
         r.measured_on, r.row AS reading_row
  FROM permit AS p
  JOIN reading AS r ON r.credit_code = p.credit_code
  WHERE r.measured_on > p.ended_on AND r.flow >= $least
    AND NOT EXISTS (
      SELECT o.row FROM permit AS o
      WHERE o.credit_code = p.credit_code AND (o.ended_on IS NULL OR o.ended_on >= r.measured_on)
    )
)
SELECT a.permit_number, a.credit_code, a.enterprise, a.ended_on, count(*) AS readings,
       max(a.measured_on) AS last_on, a.permit_row, array_agg(a.reading_row) AS reading_row
FROM after AS a
GROUP BY a.permit_number, a.credit_code, a.enterprise, a.ended_on, a.permit_row
