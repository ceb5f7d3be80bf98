-- 养老金发放到死亡当月为止；次月起所属的待遇为多发。
WITH late AS (
  SELECT d.id_number, d.person_name, d.died_on, d.row AS death_row,
         p.month, p.amount, p.row AS pay_row
  FROM death AS d
  JOIN pay AS p ON p.id_number = d.id_number
  WHERE p.month > last_day(d.died_on) AND p.amount > 0
),
overpaid AS (
  SELECT l.id_number, l.person_name, l.died_on, l.death_row,
         count(*) AS payments, sum(l.amount) AS total, max(l.month) AS last_month,
         array_agg(l.pay_row) AS pay_row
  FROM late AS l
  GROUP BY l.id_number, l.person_name, l.died_on, l.death_row
)
SELECT o.id_number, o.person_name, o.died_on, o.payments, o.total, o.last_month, o.death_row, o.pay_row
FROM overpaid AS o
WHERE o.total >= $least
