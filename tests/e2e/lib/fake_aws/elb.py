"""Elastic Load Balancing v2: load balancers that provision, targets that become healthy by a script, what is in use and what is not."""

import itertools

from .wire import ApiError, members

NAME_MOST = 32


def named(arns_or_names, things, key, missing):
    chosen = []
    for wanted in arns_or_names:
        found = [t for t in things if t[key] == wanted]
        if not found:
            raise ApiError(missing, f"'{wanted}' not found")
        chosen += found
    return chosen


class Elb:
    def __init__(self, region, account, ec2):
        self.prefix = f"arn:aws:elasticloadbalancing:{region}:{account}"
        self.region = region
        self.ec2 = ec2
        self.numbers = itertools.count(1)
        self.balancers = []
        self.groups = []
        self.listeners = []
        self.rules = []
        self.tags = {}
        self.certificates = {f"arn:aws:acm:{region}:{account}:certificate/1"}
        self.page_size = 0
        self.provisioning = ["provisioning"]  # states that a fresh load balancer shows before it is active, one per look
        self.health = [("initial", "Elb.RegistrationInProgress")]  # the same of a fresh target, before healthy
        self.interface_polls = 1
        self.deleting_polls = 1

    def id(self):
        return f"{next(self.numbers):016x}"

    def tag(self, arn, params):
        self.tags[arn] = {tag["Key"]: tag["Value"] for tag in members(params.get("Tags"))}

    def page(self, items, params, name):
        start = int(params.get("Marker", "0"))
        size = self.page_size or len(items) or 1
        following = {"NextMarker": str(start + size)} if start + size < len(items) else {}
        return {name: items[start:start + size], **following}

    def check_name(self, name):
        if len(name) > NAME_MOST or not name.replace("-", "").isalnum() or name[0] == "-" or name[-1] == "-":
            raise ApiError("ValidationError", f"'{name}' is no valid name")

    # Target groups

    def create_target_group(self, params):
        self.check_name(params["Name"])
        wish = {key: value for key, value in params.items() if key not in ("Tags",)}
        for group in self.groups:
            if group["wish"]["Name"] == params["Name"]:
                if group["wish"] != wish:
                    raise ApiError("DuplicateTargetGroupName", f"A target group with the name '{params['Name']}' already exists")
                return {"TargetGroups": [self.group_xml(group)]}
        assert int(params["HealthCheckTimeoutSeconds"]) < int(params["HealthCheckIntervalSeconds"])
        group = {"arn": f"{self.prefix}:targetgroup/{params['Name']}/{self.id()}", "wish": wish, "targets": {}, "attributes": {}}
        self.groups.append(group)
        self.tag(group["arn"], params)
        return {"TargetGroups": [self.group_xml(group)]}

    def group_xml(self, group):
        return {"TargetGroupArn": group["arn"], "TargetGroupName": group["wish"]["Name"], "Port": group["wish"]["Port"]}

    def describe_target_groups(self, params):
        rows = [self.group_xml(g) for g in self.groups]
        if "Names" in params:
            rows = named(members(params["Names"]), rows, "TargetGroupName", "TargetGroupNotFound")
        return self.page(rows, params, "TargetGroups")

    def group(self, arn):
        return named([arn], self.groups, "arn", "TargetGroupNotFound")[0]

    def modify_target_group_attributes(self, params):
        attributes = {a["Key"]: a["Value"] for a in members(params["Attributes"])}
        self.group(params["TargetGroupArn"])["attributes"].update(attributes)
        return {"Attributes": [{"Key": key, "Value": value} for key, value in attributes.items()]}

    def users_of(self, arn):
        return [x for x in self.listeners + self.rules if arn in x["forwards"]]

    def delete_target_group(self, params):
        group = self.group(params["TargetGroupArn"])
        if self.users_of(group["arn"]):
            raise ApiError("ResourceInUse", "Target group is currently in use by a listener or a rule")
        self.groups.remove(group)
        return {}

    def register_targets(self, params):
        group = self.group(params["TargetGroupArn"])
        for target in members(params["Targets"]):
            instance = self.ec2.instances.get(target["Id"])
            if not instance or instance["state"] != "running":
                raise ApiError("InvalidTarget", f"The following targets are not in a running state and cannot be registered: '{target['Id']}'")
            group["targets"].setdefault(target["Id"], {"port": int(target["Port"]), "script": list(self.health)})
        return {}

    def target_state(self, group, target):
        if not self.users_of(group["arn"]):
            return "unused", "Target.NotInUse"
        script = group["targets"][target]["script"]
        if not script:
            return "healthy", ""
        state, reason = script[0]
        if state == "stuck":
            return "unhealthy", reason
        script.pop(0)
        return state, reason

    def describe_target_health(self, params):
        group = self.group(params["TargetGroupArn"])
        rows = []
        for target in group["targets"]:
            state, reason = self.target_state(group, target)
            health = {"State": state, **({"Reason": reason, "Description": "as the script says"} if reason else {})}
            rows.append({"Target": {"Id": target, "Port": 80}, "TargetHealth": health})
        return {"TargetHealthDescriptions": rows}

    # Load balancers

    def create_load_balancer(self, params):
        self.check_name(params["Name"])
        assert not params["Name"].startswith("internal-")
        wish = {key: value for key, value in params.items() if key not in ("Tags",)}
        for balancer in self.balancers:
            if balancer["name"] == params["Name"]:
                if balancer["wish"] != wish:
                    raise ApiError("DuplicateLoadBalancerName", f"A load balancer with the name '{params['Name']}' already exists")
                return {"LoadBalancers": [self.balancer_xml(balancer)]}
        subnets = {s["subnetId"]: s["availabilityZone"] for s in self.ec2.subnets}
        if len({subnets[s] for s in members(params["Subnets"])}) < 2:
            raise ApiError("ValidationError", "At least two subnets in two different Availability Zones must be specified")
        chosen = [s for s in self.ec2.subnets if s["subnetId"] in members(params["Subnets"])]
        if params["IpAddressType"] == "dualstack" and not all(s.get("ipv6CidrBlockAssociationSet") for s in chosen):
            raise ApiError("InvalidSubnet", "You must specify subnets with an associated IPv6 CIDR block")
        number = self.id()
        balancer = {"arn": f"{self.prefix}:loadbalancer/app/{params['Name']}/{number}", "name": params["Name"], "wish": wish,
                    "states": list(self.provisioning), "deleting": None, "attributes": {},
                    "dns": f"{params['Name']}-{int(number, 16)}.{self.region}.elb.amazonaws.com"}
        self.balancers.append(balancer)
        self.tag(balancer["arn"], params)
        tail = balancer["arn"].partition(":loadbalancer/")[2]
        self.ec2.interfaces.append({"description": f"ELB {tail}", "groups": members(params["SecurityGroups"]), "polls": 10 ** 9})
        return {"LoadBalancers": [self.balancer_xml(balancer)]}

    def balancer_xml(self, b):
        state = b["states"][0] if b["states"] else "active"
        reason = {"failed": "the subnet has no free address"}.get(state)
        return {"LoadBalancerArn": b["arn"], "LoadBalancerName": b["name"], "DNSName": b["dns"], "Type": "application",
                "State": {"Code": state, **({"Reason": reason} if reason else {})}}

    def describe_load_balancers(self, params):
        for balancer in [b for b in self.balancers if b["deleting"] is not None]:
            balancer["deleting"] -= 1
            if balancer["deleting"] < 0:
                self.balancers.remove(balancer)
        rows = [self.balancer_xml(b) for b in self.balancers]
        if "Names" in params:
            rows = named(members(params["Names"]), rows, "LoadBalancerName", "LoadBalancerNotFound")
        reply = self.page(rows, params, "LoadBalancers")
        for balancer in self.balancers:
            if balancer["states"] and balancer["states"][0] != "failed":
                balancer["states"].pop(0)
        return reply

    def modify_load_balancer_attributes(self, params):
        attributes = {a["Key"]: a["Value"] for a in members(params["Attributes"])}
        (balancer,) = named([params["LoadBalancerArn"]], self.balancers, "arn", "LoadBalancerNotFound")
        balancer["attributes"].update(attributes)
        return {"Attributes": [{"Key": key, "Value": value} for key, value in attributes.items()]}

    def delete_load_balancer(self, params):
        for balancer in self.balancers:
            if balancer["arn"] != params["LoadBalancerArn"] or balancer["deleting"] is not None:
                continue
            balancer["deleting"] = self.deleting_polls
            gone = [x["arn"] for x in self.listeners if x["balancer"] == balancer["arn"]]
            self.listeners = [x for x in self.listeners if x["arn"] not in gone]
            self.rules = [x for x in self.rules if x["listener"] not in gone]
            tail = balancer["arn"].partition(":loadbalancer/")[2]
            for interface in self.ec2.interfaces:
                if interface["description"] == f"ELB {tail}":
                    interface["polls"] = self.interface_polls
        return {}

    # Listeners and rules

    def forwards(self, actions):
        arns = {}
        for action in members(actions):
            assert action["Type"] == "forward"
            if "TargetGroupArn" in action:
                arns[action["TargetGroupArn"]] = 1
            else:
                arns.update({g["TargetGroupArn"]: int(g["Weight"]) for g in members(action["ForwardConfig"]["TargetGroups"])})
        for arn in arns:
            self.group(arn)
        return arns

    def create_listener(self, params):
        named([params["LoadBalancerArn"]], self.balancers, "arn", "LoadBalancerNotFound")
        forwards = self.forwards(params["DefaultActions"])
        for listener in self.listeners:
            if listener["balancer"] == params["LoadBalancerArn"] and listener["port"] == params["Port"]:
                if listener["forwards"] != forwards:
                    raise ApiError("DuplicateListener", "A listener already exists on this port for this load balancer")
                return {"Listeners": [{"ListenerArn": listener["arn"]}]}
        certificates = [c["CertificateArn"] for c in members(params.get("Certificates"))]
        assert len(certificates) == (params["Protocol"] == "HTTPS") and ("SslPolicy" in params) == bool(certificates)
        if set(certificates) - self.certificates:
            raise ApiError("CertificateNotFound", f"Certificate ARN '{certificates[0]}' is not valid")
        arn = params["LoadBalancerArn"].replace(":loadbalancer/", ":listener/") + f"/{self.id()}"
        self.listeners.append({"arn": arn, "balancer": params["LoadBalancerArn"], "port": params["Port"], "protocol": params["Protocol"],
                               "certificates": certificates, "forwards": forwards})
        self.tag(arn, params)
        return {"Listeners": [{"ListenerArn": arn}]}

    def describe_listeners(self, params):
        named([params["LoadBalancerArn"]], self.balancers, "arn", "LoadBalancerNotFound")
        rows = [{"ListenerArn": x["arn"], "Port": x["port"]} for x in self.listeners if x["balancer"] == params["LoadBalancerArn"]]
        return self.page(rows, params, "Listeners")

    def create_rule(self, params):
        named([params["ListenerArn"]], self.listeners, "arn", "ListenerNotFound")
        if any(r["listener"] == params["ListenerArn"] and r["priority"] == params["Priority"] for r in self.rules):
            raise ApiError("PriorityInUse", f"Priority '{params['Priority']}' is currently in use")
        (condition,) = members(params["Conditions"])
        assert condition["Field"] == "path-pattern"
        arn = params["ListenerArn"].replace(":listener/", ":listener-rule/") + f"/{self.id()}"
        self.rules.append({"arn": arn, "listener": params["ListenerArn"], "priority": params["Priority"],
                           "paths": members(condition["PathPatternConfig"]["Values"]), "forwards": self.forwards(params["Actions"])})
        self.tag(arn, params)
        return {"Rules": [{"RuleArn": arn}]}

    def describe_rules(self, params):
        named([params["ListenerArn"]], self.listeners, "arn", "ListenerNotFound")
        rows = [{"RuleArn": r["arn"], "Priority": r["priority"],
                 "Actions": [{"Type": "forward", "TargetGroupArn": next(iter(r["forwards"]))}]}
                for r in self.rules if r["listener"] == params["ListenerArn"]]
        rows.append({"RuleArn": params["ListenerArn"].replace(":listener/", ":listener-rule/") + "/default", "Priority": "default"})
        return self.page(rows, params, "Rules")

    def describe_tags(self, params):
        arns = members(params["ResourceArns"])
        assert len(arns) <= 20
        return {"TagDescriptions": [{"ResourceArn": arn, "Tags": [{"Key": k, "Value": v} for k, v in self.tags.get(arn, {}).items()]}
                                    for arn in arns]}
