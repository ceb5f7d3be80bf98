-- 关闭决定次月起，名称、地址匹配的用电户每月用电不低于参数的，合计列出。
WITH after_closing AS (
  SELECT c.enterprise, c.address, c.closed_on, c.row AS closure_row, s.weight, s.probability,
         p.enterprise AS account_name, p.month, p.used, p.row AS power_row
  FROM closure AS c
  JOIN same_firm AS s ON s.left_row = c.row
  JOIN power AS p ON p.row = s.right_row
  WHERE s.weight >= $least_weight AND p.month > last_day(c.closed_on) AND p.used >= $least_used
)
SELECT a.enterprise, a.address, a.closed_on, a.account_name, count(*) AS months, sum(a.used) AS total,
       max(a.weight) AS weight, max(a.probability) AS probability, a.closure_row, array_agg(a.power_row) AS power_row
FROM after_closing AS a
GROUP BY a.enterprise, a.address, a.closed_on, a.account_name, a.closure_row
