-- 送达满六个月（起诉期）再满三个月（申请期），未缴清且期内没有申请。
WITH paid AS (
  SELECT p.decision_number, sum(p.amount) AS amount, array_agg(p.row) AS payment_row
  FROM payment AS p
  GROUP BY p.decision_number
),
due AS (
  SELECT d.decision_number, d.party, d.served_on, d.fine, d.row AS decision_row,
         d.served_on + INTERVAL 9 MONTH AS until
  FROM decision AS d
)
SELECT d.decision_number, d.party, d.served_on, d.fine, coalesce(p.amount, 0) AS paid, d.decision_row, p.payment_row
FROM due AS d
LEFT JOIN paid AS p ON p.decision_number = d.decision_number
WHERE d.until < $on_day AND d.fine - coalesce(p.amount, 0) >= $least
  AND NOT EXISTS (
    SELECT a.row FROM application AS a
    WHERE a.decision_number = d.decision_number AND a.applied_on BETWEEN d.served_on AND d.until
  )
