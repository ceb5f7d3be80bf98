-- 就诊日期晚于死亡日期加宽限天数。
SELECT c.claim_number, d.id_number, d.person_name, d.died_on, c.served_on, c.hospital, c.amount,
       d.row AS death_row, c.row AS claim_row
FROM death AS d
JOIN claim AS c ON c.id_number = d.id_number
WHERE date_diff('day', d.died_on, c.served_on) > $grace AND c.amount >= $least
