-- 生效判决（有期徒刑以上）∩ 在营且有有效食品许可的单位负责人。
WITH barred AS (
  SELECT j.id_number, j.person_name, j.crime, j.penalty, j.effective_on, j.row AS judgment_row
  FROM judgment AS j
  WHERE (contains(j.crime, '食品') OR contains(j.crime, '食用')) AND j.effective_on <= $on_day
    AND j.penalty IN ('有期徒刑', '无期徒刑', '死刑')
)
SELECT b.id_number, b.person_name, b.crime, b.penalty, b.effective_on, p.credit_code, p.enterprise, p.post,
       b.judgment_row, p.row AS post_row
FROM barred AS b
JOIN post AS p ON p.id_number = b.id_number
WHERE p.state IN ('存续', '在营', '开业')
  AND EXISTS (SELECT l.row FROM licence AS l WHERE l.credit_code = p.credit_code AND l.valid_to >= $on_day)
