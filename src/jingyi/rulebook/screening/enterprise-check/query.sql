-- 三项逐一核对，缺一项即列出。
WITH declared AS (
  SELECT t.credit_code, count(*) AS n FROM tax AS t GROUP BY t.credit_code
),
permitted AS (
  SELECT w.credit_code, count(*) AS n FROM water AS w WHERE w.valid_to >= $on_day GROUP BY w.credit_code
),
planned AS (
  SELECT s.credit_code, count(*) AS n FROM soil AS s GROUP BY s.credit_code
),
checked AS (
  SELECT e.credit_code, e.enterprise, e.row AS enterprise_row,
         CASE WHEN e.discharges = '是' AND d.n IS NULL THEN '环保税申报 ' ELSE '' END
         || CASE WHEN e.takes_water = '是' AND p.n IS NULL THEN '取水许可 ' ELSE '' END
         || CASE WHEN e.disturbs_soil = '是' AND s.n IS NULL THEN '水土保持方案 ' ELSE '' END AS missing
  FROM enterprise AS e
  LEFT JOIN declared AS d ON d.credit_code = e.credit_code
  LEFT JOIN permitted AS p ON p.credit_code = e.credit_code
  LEFT JOIN planned AS s ON s.credit_code = e.credit_code
)
SELECT c.credit_code, c.enterprise, trim(c.missing) AS missing, c.enterprise_row
FROM checked AS c
WHERE c.missing <> ''
