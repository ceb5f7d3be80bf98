-- 在用、逾期超过宽限，且应检日前两个月以来没有合格结论。
SELECT l.device_code, l.enterprise, l.address, l.due_on, date_diff('day', l.due_on, $on_day) AS days, l.row AS lift_row
FROM lift AS l
WHERE l.state = '在用' AND date_diff('day', l.due_on, $on_day) > $grace
  AND NOT EXISTS (
    SELECT i.row FROM inspection AS i
    WHERE i.device_code = l.device_code AND i.result = '合格'
      AND i.inspected_on >= l.due_on - INTERVAL 2 MONTH AND i.inspected_on <= $on_day
  )
