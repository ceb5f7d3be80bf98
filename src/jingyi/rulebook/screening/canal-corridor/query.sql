-- 关键词分类 ∧ 河道范围；按河段和问题汇总，条数达到下限的列出。
WITH sorted AS (
  SELECT r.record_id, r.told_on, r.row AS record_row,
         CASE WHEN contains(r.text, '排污') OR contains(r.text, '污水') THEN '排污'
              WHEN contains(r.text, '黑臭') OR contains(r.text, '发臭') THEN '黑臭水体'
              WHEN contains(r.text, '侵占') OR contains(r.text, '占用') OR contains(r.text, '违建') THEN '侵占岸线'
              WHEN contains(r.text, '遗址') OR contains(r.text, '古桥') OR contains(r.text, '古码头') THEN '遗产损毁'
              ELSE '' END AS topic
  FROM record AS r
  WHERE r.told_on >= $since
),
placed AS (
  SELECT s.topic, s.told_on, s.record_row, n.section, n.metres, n.row AS near_row
  FROM sorted AS s
  JOIN near AS n ON n.record_id = s.record_id
  WHERE s.topic <> '' AND n.metres <= $within
),
gathered AS (
  SELECT p.section, p.topic, count(*) AS records, max(p.told_on) AS last_on, min(p.metres) AS nearest,
         array_agg(p.record_row) AS record_row, array_agg(p.near_row) AS near_row
  FROM placed AS p
  GROUP BY p.section, p.topic
)
SELECT g.section, g.topic, g.records, g.last_on, g.nearest, g.record_row, g.near_row
FROM gathered AS g
WHERE g.records >= $least
