-- 依次判断：查无此证、已过期、冷食或糕点超出许可范围。
WITH judged AS (
  SELECT s.shop_code, s.shop_name, s.platform, s.permit_number, l.valid_to,
         s.row AS shop_row, l.row AS licence_row,
         CASE WHEN s.permit_number IS NULL THEN '未公示许可证'
              WHEN l.row IS NULL THEN '查无此证'
              WHEN l.valid_to < $on_day THEN '许可证已过期'
              WHEN contains(s.sells, '冷食') AND NOT contains(l.scope, '冷食') THEN '超范围经营冷食'
              WHEN contains(s.sells, '糕点') AND NOT contains(l.scope, '糕点') THEN '超范围经营糕点'
              ELSE '' END AS finding
  FROM shop AS s
  LEFT JOIN licence AS l ON l.permit_number = s.permit_number
)
SELECT j.shop_code, j.shop_name, j.platform, j.permit_number, j.finding, j.valid_to, j.shop_row, j.licence_row
FROM judged AS j
WHERE j.finding <> ''
