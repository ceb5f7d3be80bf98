-- 生效判决（有期徒刑以上）与在营食品单位负责人：没有共同编号，按姓名和出生日期的匹配权重。
WITH barred AS (
  SELECT j.person_name, j.born_on, j.crime, j.penalty, j.row AS judgment_row
  FROM judgment AS j
  WHERE (contains(j.crime, '食品') OR contains(j.crime, '食用')) AND j.effective_on <= $on_day
    AND j.penalty IN ('有期徒刑', '无期徒刑', '死刑')
),
alike AS (
  SELECT b.person_name, b.born_on, b.crime, b.penalty, b.judgment_row, s.right_row, s.weight, s.probability
  FROM barred AS b
  JOIN same_person AS s ON s.left_row = b.judgment_row
  WHERE s.weight >= $least_weight
)
SELECT a.person_name, a.born_on, a.crime, a.penalty, p.credit_code, p.enterprise, p.post,
       p.person_name AS post_name, p.born_on AS post_born_on, a.weight, a.probability,
       a.judgment_row, p.row AS post_row
FROM alike AS a
JOIN post AS p ON p.row = a.right_row
WHERE p.state IN ('存续', '在营', '开业')
