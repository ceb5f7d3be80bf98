-- 损毁词 ∧ 距离在参数以内；词表按行为分类。
WITH told AS (
  SELECT r.report_id, r.reported_on, r.row AS report_row,
         CASE WHEN contains(r.text, '取土') OR contains(r.text, '挖掘') OR contains(r.text, '挖沙') THEN '取土挖掘 ' ELSE '' END
         || CASE WHEN contains(r.text, '拆除') OR contains(r.text, '拆毁') THEN '拆毁 ' ELSE '' END
         || CASE WHEN contains(r.text, '违建') OR contains(r.text, '乱搭乱建') THEN '违法建设 ' ELSE '' END
         || CASE WHEN contains(r.text, '垃圾') OR contains(r.text, '倾倒') THEN '倾倒垃圾 ' ELSE '' END
         || CASE WHEN contains(r.text, '坍塌') OR contains(r.text, '开裂') OR contains(r.text, '破损') THEN '坍塌破损 ' ELSE '' END AS words
  FROM report AS r
)
SELECT t.report_id, t.reported_on, n.zone, z.zone_name, z.level, n.metres, trim(t.words) AS words,
       t.report_row, n.row AS near_row, z.row AS zone_row
FROM told AS t
JOIN near AS n ON n.report_id = t.report_id
JOIN zone AS z ON z.zone = n.zone
WHERE t.words <> '' AND n.metres <= $within
