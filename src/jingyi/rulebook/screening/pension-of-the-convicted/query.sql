-- 一、实刑：刑期内整月照发；二、缓刑、管制：期间金额高于起始当月。
WITH in_prison AS (
  SELECT j.id_number, j.person_name, j.penalty, j.starts_on, '服刑期间照发' AS finding,
         p.amount, j.row AS judgment_row, p.row AS pay_row
  FROM judgment AS j
  JOIN pay AS p ON p.id_number = j.id_number
  WHERE j.penalty IN ('有期徒刑', '无期徒刑', '拘役') AND p.amount > 0
    AND p.month > j.starts_on AND (j.ends_on IS NULL OR last_day(p.month) <= j.ends_on)
),
raised AS (
  SELECT j.id_number, j.person_name, j.penalty, j.starts_on, '缓刑、管制期间调增' AS finding,
         p.amount - f.amount AS amount, j.row AS judgment_row, p.row AS pay_row
  FROM judgment AS j
  JOIN pay AS f ON f.id_number = j.id_number
  JOIN pay AS p ON p.id_number = j.id_number
  WHERE j.penalty IN ('缓刑', '管制') AND f.month <= j.starts_on AND last_day(f.month) >= j.starts_on
    AND p.month > j.starts_on AND (j.ends_on IS NULL OR last_day(p.month) <= j.ends_on)
    AND p.amount > f.amount
),
found AS (
  SELECT i.id_number, i.person_name, i.penalty, i.starts_on, i.finding, i.amount, i.judgment_row, i.pay_row
  FROM in_prison AS i
  UNION ALL
  SELECT r.id_number, r.person_name, r.penalty, r.starts_on, r.finding, r.amount, r.judgment_row, r.pay_row
  FROM raised AS r
),
summed AS (
  SELECT f.id_number, f.person_name, f.penalty, f.starts_on, f.finding, f.judgment_row,
         count(*) AS payments, sum(f.amount) AS total, array_agg(f.pay_row) AS pay_row
  FROM found AS f
  GROUP BY f.id_number, f.person_name, f.penalty, f.starts_on, f.finding, f.judgment_row
)
SELECT s.id_number, s.person_name, s.penalty, s.starts_on, s.finding, s.payments, s.total, s.judgment_row, s.pay_row
FROM summed AS s
WHERE s.total >= $least
