"""EC2: instances that take their time, groups that are in use, a default VPC with six subnets."""

import base64
import ipaddress
import itertools

from .wire import ApiError, filtered, numbered, tag_values, tags_of

CANONICAL = "099720109477"
UBUNTU = "ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-20260901"
USER_DATA_BYTES_MOST = 16 * 1024


def page(items, params, size, name):
    """One page of a list and the token of the next."""
    start = int(params.get("NextToken", "0"))
    following = {"nextToken": str(start + size)} if size and start + size < len(items) else {}
    return {name: items[start:start + size] if size else items, **following}


class Ec2:
    def __init__(self, region, account):
        self.region = region
        self.account = account
        self.numbers = itertools.count(1)
        self.vpc = {"vpcId": "vpc-default", "isDefault": True, "state": "available"}
        self.has_default_vpc = True
        self.subnets = [{"subnetId": f"subnet-{zone}", "vpcId": "vpc-default", "availabilityZone": f"{region}{zone}", "state": "available",
                         "availableIpAddressCount": 4091, "defaultForAz": True, "mapPublicIpOnLaunch": True} for zone in "abcdef"]
        self.routes = {}  # subnet -> its own default route
        self.main_route = {"gatewayId": "igw-1", "state": "active"}
        self.offerings = {(kind, f"{region}{zone}") for kind in ("m4.large", "t2.large") for zone in "abcdf"}
        self.types = {"m4.large": (2, 8192, ["x86_64"]), "t2.large": (2, 8192, ["i386", "x86_64"])}
        self.keys = {"vockey"}
        self.images = {"ami-noble": {"imageId": "ami-noble", "name": UBUNTU, "imageState": "available", "architecture": "x86_64",
                                     "creationDate": "2026-09-01T00:00:00.000Z", "owner": CANONICAL},
                       "ami-older": {"imageId": "ami-older", "name": UBUNTU[:-8] + "20250101", "imageState": "available",
                                     "architecture": "x86_64", "creationDate": "2025-01-01T00:00:00.000Z", "owner": CANONICAL},
                       "ami-imitation": {"imageId": "ami-imitation", "name": UBUNTU[:-8] + "20270101", "imageState": "available",
                                         "architecture": "x86_64", "creationDate": "2027-01-01T00:00:00.000Z", "owner": "666"}}
        self.launches = itertools.count(0, 0.001)
        self.instances = {}
        self.reservations = {}  # token -> (parameters, ids)
        self.groups = {}
        self.interfaces = []  # {"description", "polls"}: gone after that many looks
        self.pending_polls = 1
        self.terminating_polls = 1
        self.page_size = 0
        self.in_use_refusals = 0
        self.vcpu_limit = None

    def new_id(self, kind):
        return f"{kind}-{next(self.numbers):017x}"

    # Preflight

    def describe_vpcs(self, _params):
        return {"vpcSet": [self.vpc] if self.has_default_vpc else []}

    def describe_subnets(self, params):
        names = {"vpc-id": "vpcId", "subnet-id": "subnetId", "availability-zone": "availabilityZone", "default-for-az": "defaultForAz"}
        found = filtered(self.subnets, params.get("Filter"), lambda s, name: [str(s[names[name]]).replace("True", "true")])
        return {"subnetSet": found}

    def describe_route_tables(self, params):
        """The default route of each table, which has a subnet's name, or is the main one."""
        tables = [{"subnets": [], "main": "true", "vpc": "vpc-default", "to": self.main_route},
                  *({"subnets": [subnet], "main": "false", "vpc": "vpc-default", "to": to} for subnet, to in self.routes.items())]
        names = {"association.subnet-id": lambda t: t["subnets"], "association.main": lambda t: [t["main"]], "vpc-id": lambda t: [t["vpc"]]}
        found = filtered(tables, params.get("Filter"), lambda t, name: names[name](t))
        local = {"destinationCidrBlock": "172.31.0.0/16", "gatewayId": "local", "state": "active"}
        return {"routeTableSet": [{"routeTableId": "rtb-1", "routeSet": [local, *([{"destinationCidrBlock": "0.0.0.0/0", **t["to"]}] if t["to"] else [])]}
                                  for t in found]}

    def describe_instance_type_offerings(self, params):
        assert params["LocationType"] == "availability-zone"
        rows = [{"instanceType": kind, "locationType": "availability-zone", "location": zone} for kind, zone in sorted(self.offerings)]
        return {"instanceTypeOfferingSet": filtered(rows, params.get("Filter"), lambda r, name: [r["instanceType"]])}

    def describe_instance_types(self, params):
        names = numbered(params["InstanceType"])
        for name in names:
            if name not in self.types:
                raise ApiError("InvalidInstanceType", f"The following supplied instance types do not exist: [{name}]")
        known = [(name, *self.types[name]) for name in names]
        return {"instanceTypeSet": [{"instanceType": name, "vCpuInfo": {"defaultVCpus": vcpus}, "memoryInfo": {"sizeInMiB": memory},
                                     "processorInfo": {"supportedArchitectures": architectures}} for name, vcpus, memory, architectures in known]}

    def describe_key_pairs(self, params):
        for name in numbered(params["KeyName"]):
            if name not in self.keys:
                raise ApiError("InvalidKeyPair.NotFound", f"The key pair '{name}' does not exist")
        return {"keySet": [{"keyName": name} for name in numbered(params["KeyName"])]}

    def describe_images(self, params):
        if "ImageId" in params:
            for image in numbered(params["ImageId"]):
                if image not in self.images:
                    raise ApiError("InvalidAMIID.NotFound", f"The image id '[{image}]' does not exist")
            return {"imagesSet": [self.images[image] for image in numbered(params["ImageId"])]}
        fixed = {"state": "available", "virtualization-type": "hvm", "root-device-type": "ebs"}
        owners = numbered(params["Owner"])
        found = filtered([i for i in self.images.values() if i["owner"] in owners], params.get("Filter"),
                         lambda i, name: [fixed.get(name) or i[name]])
        return page(found, params, self.page_size, "imagesSet")

    # Instances

    def check_launch(self, params):
        """What a dry run finds out too."""
        user_data = base64.b64decode(params["UserData"], validate=True)
        if len(user_data) > USER_DATA_BYTES_MOST:
            raise ApiError("InvalidParameterValue", "User data is limited to 16384 bytes")
        if params["ImageId"] not in self.images:
            raise ApiError("InvalidAMIID.NotFound", "The image id does not exist")
        family, image = params["InstanceType"].partition(".")[0], self.images[params["ImageId"]]
        if family.endswith("g") != (image["architecture"] == "arm64"):
            raise ApiError("InvalidParameterValue", f"The architecture '{image['architecture']}' of the specified AMI does not match that of the type")
        if params.get("KeyName") not in (None, *self.keys):
            raise ApiError("InvalidKeyPair.NotFound", f"The key pair '{params['KeyName']}' does not exist")
        if "CreditSpecification" in params and family[0] != "t":
            raise ApiError("InvalidParameterCombination", f"{params['InstanceType']} has no CPU credits")
        assert params["MinCount"] == params["MaxCount"]
        return user_data.decode()

    def run_instances(self, params):
        user_data = self.check_launch(params)
        if params.get("DryRun") == "true":
            raise ApiError("DryRunOperation", "Request would have succeeded, but DryRun flag is set.", 412)
        token = params["ClientToken"]
        assert len(token) <= 64 and token.isascii()
        if token in self.reservations:
            before, ids = self.reservations[token]
            if before != params:
                raise ApiError("IdempotentParameterMismatch", "The request uses the same client token as a previous, but different one")
            return {"reservationId": "r-1", "instancesSet": [self.instance_xml(self.instances[i]) for i in ids]}
        count = int(params["MaxCount"])
        if self.vcpu_limit is not None and 2 * (len(self.alive()) + count) > self.vcpu_limit:
            raise ApiError("VcpuLimitExceeded", f"You have requested more vCPU capacity than your current vCPU limit of {self.vcpu_limit}")
        subnet = next(s for s in self.subnets if s["subnetId"] == params["SubnetId"])
        specifications = {s["ResourceType"]: tags_of(s["Tag"]) for s in numbered(params["TagSpecification"])}
        ids = []
        for index in range(count):
            instance = {"id": self.new_id("i"), "state": "pending", "polls": self.pending_polls, "params": params, "index": index,
                        "zone": subnet["availabilityZone"], "type": params["InstanceType"], "tags": dict(specifications["instance"]),
                        "volume_tags": specifications["volume"], "groups": numbered(params["SecurityGroupId"]),
                        "user_data": user_data, "reason": "", "launched": self.next_launch()}
            self.instances[instance["id"]] = instance
            ids.append(instance["id"])
        self.reservations[token] = (params, ids)
        return {"reservationId": "r-1", "instancesSet": [self.instance_xml(self.instances[i]) for i in ids]}

    def next_launch(self):
        """Later than all before."""
        return f"2026-11-21T22:10:{next(self.launches):07.3f}Z"

    def alive(self):
        return [i for i in self.instances.values() if i["state"] not in ("shutting-down", "terminated")]

    def step(self, instance):
        """A state lasts for so many looks."""
        following = {"pending": "running", "shutting-down": "terminated", "stopping": "stopped"}
        if instance["state"] in following:
            if instance["polls"] <= 0:
                instance["state"] = following[instance["state"]]
            instance["polls"] -= 1

    def instance_xml(self, i):
        codes = {"pending": 0, "running": 16, "shutting-down": 32, "terminated": 48, "stopping": 64, "stopped": 80}
        running = i["state"] == "running"
        number = int(i["id"][2:], 16)
        public = any(s["availabilityZone"] == i["zone"] and s["mapPublicIpOnLaunch"] for s in self.subnets)
        return {"instanceId": i["id"], "instanceState": {"code": codes[i["state"]], "name": i["state"]}, "instanceType": i["type"],
                "cpuOptions": {"coreCount": i.get("cores", 1), "threadsPerCore": 2},
                "amiLaunchIndex": i["index"], "placement": {"availabilityZone": i["zone"]},
                "launchTime": i.get("launched", "2026-11-21T00:00:00.000Z"), "dnsName": f"ec2-{number}.compute-1.amazonaws.com" if running else "",
                "ipAddress": str(ipaddress.ip_address("198.51.100.0") + number % 256) if running and public else None,
                "privateIpAddress": str(ipaddress.ip_address("172.31.0.0") + number % 256),
                "stateReason": {"code": "Server.InternalError", "message": i["reason"]} if i["reason"] else None,
                "tagSet": [{"key": key, "value": value} for key, value in i["tags"].items()]}

    def describe_instances(self, params):
        def value_of(i, name):
            tags = tag_values(i["tags"], name)
            return tags if tags is not None else [{"instance-id": i["id"], "instance-state-name": i["state"]}[name]]

        found = filtered(list(self.instances.values()), params.get("Filter"), value_of)
        reply = page(found, params, self.page_size, "reservationSet")
        for instance in reply["reservationSet"]:
            self.step(instance)
        reply["reservationSet"] = [{"reservationId": "r-1", "instancesSet": [self.instance_xml(i)]} for i in reply["reservationSet"]]
        return reply

    def terminate_instances(self, params):
        ids = numbered(params["InstanceId"])
        for instance in ids:
            if instance not in self.instances:
                raise ApiError("InvalidInstanceID.NotFound", f"The instance ID '{instance}' does not exist")
        for instance in ids:
            if self.instances[instance].get("protected"):
                raise ApiError("OperationNotPermitted", f"The instance '{instance}' may not be terminated. Modify its 'disableApiTermination'")
        for instance in ids:
            if self.instances[instance]["state"] != "terminated":
                self.instances[instance].update(state="shutting-down", polls=self.terminating_polls)
        return {"instancesSet": [{"instanceId": i, "currentState": {"name": "shutting-down"}} for i in ids]}

    def start_instances(self, params):
        for i in (self.instances[key] for key in numbered(params["InstanceId"])):
            if i["state"] == "stopped":
                i.update(state="pending", polls=1)
        return {"instancesSet": []}

    def create_tags(self, params):
        for instance in numbered(params["ResourceId"]):
            if instance not in self.instances:
                raise ApiError("InvalidInstanceID.NotFound", f"The instance ID '{instance}' does not exist")
            self.instances[instance]["tags"] |= tags_of(params["Tag"])
        return {"return": True}

    # Security groups

    def create_security_group(self, params):
        name, vpc = params["GroupName"], params["VpcId"]
        if any(g["name"] == name and g["vpc"] == vpc for g in self.groups.values()):
            raise ApiError("InvalidGroup.Duplicate", f"The security group '{name}' already exists for VPC '{vpc}'")
        (specification,) = numbered(params["TagSpecification"])
        assert specification["ResourceType"] == "security-group"
        group = {"id": self.new_id("sg"), "name": name, "vpc": vpc, "tags": tags_of(specification["Tag"]), "rules": [],
                 "description": params["GroupDescription"]}
        self.groups[group["id"]] = group
        return {"return": True, "groupId": group["id"]}

    def authorize_security_group_ingress(self, params):
        group = self.group(params["GroupId"])
        group["rule_tags"] = [tags_of(s["Tag"]) for s in numbered(params.get("TagSpecification")) if s["ResourceType"] == "security-group-rule"]
        rules = []
        for p in numbered(params["IpPermissions"]):
            assert p["IpProtocol"] == "tcp" and p["FromPort"] == p["ToPort"]
            sources = [r["CidrIp"] for r in numbered(p.get("IpRanges"))] + [r["CidrIpv6"] for r in numbered(p.get("Ipv6Ranges"))]
            sources += [g["GroupId"] for g in numbered(p.get("Groups"))]
            rules += [(int(p["FromPort"]), source) for source in sources]
        if any(rule in group["rules"] for rule in rules):
            raise ApiError("InvalidPermission.Duplicate", "the specified rule already exists")
        group["rules"] += rules
        return {"return": True}

    def group(self, group_id):
        if group_id not in self.groups:
            raise ApiError("InvalidGroup.NotFound", f"The security group '{group_id}' does not exist")
        return self.groups[group_id]

    def describe_security_groups(self, params):
        def value_of(g, name):
            tags = tag_values(g["tags"], name)
            return tags if tags is not None else [{"group-name": g["name"], "vpc-id": g["vpc"], "group-id": g["id"]}[name]]

        def permission(rule):
            port, source = rule
            by_group = source.startswith("sg-")
            by_ipv6 = ":" in source
            return {"ipProtocol": "tcp", "fromPort": port, "toPort": port, "groups": [{"groupId": source}] if by_group else [],
                    "ipRanges": [] if by_group or by_ipv6 else [{"cidrIp": source}], "ipv6Ranges": [{"cidrIpv6": source}] if by_ipv6 else []}

        found = filtered(list(self.groups.values()), params.get("Filter"), value_of)
        reply = page(found, params, self.page_size, "securityGroupInfo")
        reply["securityGroupInfo"] = [
            {"groupId": g["id"], "groupName": g["name"], "vpcId": g["vpc"], "ipPermissions": [permission(r) for r in g["rules"]],
             "tagSet": [{"key": key, "value": value} for key, value in g["tags"].items()]} for g in reply["securityGroupInfo"]]
        return reply

    def delete_security_group(self, params):
        group = self.group(params["GroupId"])
        used = [i["id"] for i in self.instances.values() if i["state"] != "terminated" and group["id"] in i["groups"]]
        used += [n["description"] for n in self.interfaces if group["id"] in n["groups"]]
        used += [g["id"] for g in self.groups.values() if g is not group and any(source == group["id"] for _, source in g["rules"])]
        if used or self.in_use_refusals > 0:
            self.in_use_refusals -= not used
            raise ApiError("DependencyViolation", f"resource {group['id']} has a dependent object")
        del self.groups[group["id"]]
        return {"return": True}

    def describe_network_interfaces(self, params):
        found = filtered(self.interfaces, params.get("Filter"), lambda n, name: [n[name]])
        rows = [{"networkInterfaceId": f"eni-{i}", "description": n["description"]} for i, n in enumerate(found)]
        for interface in found:
            interface["polls"] -= 1
        self.interfaces = [n for n in self.interfaces if n["polls"] > 0]
        return {"networkInterfaceSet": rows}
