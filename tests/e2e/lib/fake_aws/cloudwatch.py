"""CloudWatch's GetMetricData: points that a test puts in, pages and partial answers."""

import calendar
import time

from .wire import members


def stamp(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def seconds(text):
    return calendar.timegm(time.strptime(text, "%Y-%m-%dT%H:%M:%SZ"))


class CloudWatch:
    def __init__(self):
        self.points = {}  # (namespace, metric, frozenset of dimensions, statistic) -> {time: value}
        self.page_size = 0  # points of a series on one page, the series then being partial
        self.calls = []
        self.before_reply = None  # called with the number of the call

    def put(self, namespace, metric, dimensions, statistic, points):
        self.points[(namespace, metric, frozenset(dimensions.items()), statistic)] = dict(points)

    def get_metric_data(self, params):
        self.calls.append(params)
        if self.before_reply:
            self.before_reply(len(self.calls))
        start, end = seconds(params["StartTime"]), seconds(params["EndTime"])
        assert start % 60 == 0 and end % 60 == 0 and params["ScanBy"] == "TimestampAscending"
        offset = int(params.get("NextToken", "0"))
        more = False
        results = []
        for query in members(params["MetricDataQueries"]):
            stat = query["MetricStat"]
            assert query["Id"][0].islower() and int(stat["Period"]) % 60 == 0 and "Unit" not in stat
            dimensions = frozenset((d["Name"], d["Value"]) for d in members(stat["Metric"].get("Dimensions")))
            key = (stat["Metric"]["Namespace"], stat["Metric"]["MetricName"], dimensions, stat["Stat"])
            found = sorted((t, v) for t, v in self.points.get(key, {}).items() if start <= t < end)
            size = self.page_size or len(found) or 1
            part = found[offset:offset + size]
            partial = offset + size < len(found)
            more = more or partial
            results.append({"Id": query["Id"], "Label": "x", "StatusCode": "PartialData" if partial else "Complete",
                            "Timestamps": [stamp(t) for t, _ in part], "Values": [repr(float(v)) for _, v in part]})
        return {"MetricDataResults": results, **({"NextToken": str(offset + self.page_size)} if more else {})}
