"""Hand in a report by Open311 and tell how far it is; needs only Python.

JINGYI_KEY=jy_… python hand_in.py https://office.example.org eco-env 33.61 122.91 "words" our-number-17

Sent again with the same number of one's own, it is the same report.
"""

import json
import os
import sys
from urllib.parse import urlencode
from urllib.request import Request, urlopen

office, service, lat, lon, words, number = sys.argv[1:]
base, head = f"{office}/api/open311/v2", {"Authorization": f"Bearer {os.environ['JINGYI_KEY']}"}
form = {"service_code": service, "lat": lat, "long": lon, "description": words, "client_id": number}
with urlopen(Request(f"{base}/requests.json", urlencode(form).encode(), head)) as answer:
    ref = json.load(answer)[0]["service_request_id"]
with urlopen(
    Request(f"{base}/servicerequestupdates.json?service_request_id={ref}", headers=head)
) as answer:
    for update in json.load(answer):
        print(ref, update["updated_datetime"], update["status"], update["description"])
