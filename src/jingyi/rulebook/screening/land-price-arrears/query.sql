-- 逾期、欠缴达到下限、且已有施工许可。
WITH paid AS (
  SELECT p.contract_number, sum(p.amount) AS amount, array_agg(p.row) AS payment_row
  FROM payment AS p
  GROUP BY p.contract_number
)
SELECT c.contract_number, c.enterprise, c.due_on, c.price, coalesce(p.amount, 0) AS paid, b.permitted_on,
       c.row AS contract_row, b.row AS permit_row, p.payment_row
FROM contract AS c
JOIN permit AS b ON b.contract_number = c.contract_number
LEFT JOIN paid AS p ON p.contract_number = c.contract_number
WHERE c.due_on < $on_day AND b.permitted_on <= $on_day AND c.price - coalesce(p.amount, 0) >= $least
