"""Inspects and prepares a moto account with boto3, a client independent of ours. Run by an interpreter that has boto3, as
`moto_account.py ENDPOINT picture|decoys|role|certificate`; prints JSON. A picture holds everything that `up` could touch; a role is temporary
credentials that moto issued."""

import base64
import json
import sys

import boto3


def client(endpoint, service):
    return boto3.client(service, endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id="check", aws_secret_access_key="check")


def tags(rows):
    return {row["Key"]: row["Value"] for row in rows or []}


def instances(ec2):
    found = {}
    for page in ec2.get_paginator("describe_instances").paginate():
        for i in (i for r in page["Reservations"] for i in r["Instances"]):
            if i["State"]["Name"] == "terminated":
                continue
            data = ec2.describe_instance_attribute(InstanceId=i["InstanceId"], Attribute="userData")["UserData"].get("Value", "")
            found[i["InstanceId"]] = {"state": i["State"]["Name"], "type": i["InstanceType"], "zone": i["Placement"]["AvailabilityZone"],
                                      "image": i["ImageId"], "key": i.get("KeyName"), "tags": tags(i.get("Tags")),
                                      "groups": [g["GroupId"] for g in i["SecurityGroups"]], "monitoring": i["Monitoring"]["State"],
                                      "user_data": base64.b64decode(data).decode()}
    return found


def groups(ec2):
    found = {}
    for g in ec2.describe_security_groups()["SecurityGroups"]:
        rules = [[p.get("FromPort"), *[r["CidrIp"] for r in p["IpRanges"]], *[r["GroupId"] for r in p["UserIdGroupPairs"]]]
                 for p in g["IpPermissions"]]
        found[g["GroupId"]] = {"name": g["GroupName"], "tags": tags(g.get("Tags")), "rules": sorted(rules, key=str)}
    return found


def load_balancing(elb):
    found = {"balancers": {}, "groups": {}, "listeners": {}, "rules": {}}

    def tags_of(arn):
        return tags(elb.describe_tags(ResourceArns=[arn])["TagDescriptions"][0]["Tags"])

    for g in elb.describe_target_groups()["TargetGroups"]:
        arn = g["TargetGroupArn"]
        health = elb.describe_target_health(TargetGroupArn=arn)["TargetHealthDescriptions"]
        attributes = elb.describe_target_group_attributes(TargetGroupArn=arn)["Attributes"]
        found["groups"][arn] = {"name": g["TargetGroupName"], "port": g["Port"], "protocol": g["Protocol"], "path": g["HealthCheckPath"],
                                "interval": g["HealthCheckIntervalSeconds"], "timeout": g["HealthCheckTimeoutSeconds"],
                                "healthy": g["HealthyThresholdCount"], "codes": g["Matcher"]["HttpCode"], "tags": tags_of(arn),
                                "algorithm": tags(attributes).get("load_balancing.algorithm.type"),
                                "targets": {h["Target"]["Id"]: h["Target"]["Port"] for h in health}}
    for b in elb.describe_load_balancers()["LoadBalancers"]:
        arn = b["LoadBalancerArn"]
        found["balancers"][arn] = {"name": b["LoadBalancerName"], "scheme": b.get("Scheme"), "type": b["Type"], "groups": b["SecurityGroups"],
                                   "zones": sorted(z["ZoneName"] for z in b["AvailabilityZones"]), "tags": tags_of(arn),
                                   "http2": tags(elb.describe_load_balancer_attributes(LoadBalancerArn=arn)["Attributes"])
                                   .get("routing.http2.enabled")}
        for x in elb.describe_listeners(LoadBalancerArn=arn)["Listeners"]:
            found["listeners"][x["ListenerArn"]] = {"balancer": arn, "port": x["Port"], "protocol": x["Protocol"],
                                                    "certificates": [c["CertificateArn"] for c in x.get("Certificates", [])],
                                                    "default": forwards(x["DefaultActions"]), "tags": tags_of(x["ListenerArn"])}
            for r in elb.describe_rules(ListenerArn=x["ListenerArn"])["Rules"]:
                if r["Priority"] != "default":
                    paths = [v for c in r["Conditions"] for v in c.get("PathPatternConfig", {}).get("Values", c.get("Values", []))]
                    found["rules"][r["RuleArn"]] = {"priority": r["Priority"], "paths": paths, "to": forwards(r["Actions"])}
    return found


def forwards(actions):
    (action,) = actions
    several = action.get("ForwardConfig", {}).get("TargetGroups")
    return {g["TargetGroupArn"]: g.get("Weight", 1) for g in several} if several else {action["TargetGroupArn"]: 1}


def picture(ec2, elb):
    return {"instances": instances(ec2), "security groups": groups(ec2), **load_balancing(elb)}


def decoys(ec2, elb):
    """Other people's resources with names and tags similar to ours."""
    vpc = ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"][0]["VpcId"]
    subnets = [s["SubnetId"] for s in ec2.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["Subnets"]][:2]
    image = ec2.describe_images()["Images"][0]["ImageId"]
    group = ec2.create_security_group(GroupName="loadgen-deadbeef-balancer", Description="decoy", VpcId=vpc)["GroupId"]
    ec2.run_instances(ImageId=image, MinCount=1, MaxCount=1, InstanceType="t2.large", SecurityGroupIds=[group], SubnetId=subnets[0],
                      TagSpecifications=[{"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": "loadgen-deadbeef-cluster1"},
                                                                               {"Key": "loadgen", "Value": "run"}]}])
    ec2.run_instances(ImageId=image, MinCount=1, MaxCount=1, InstanceType="m4.large",
                      TagSpecifications=[{"ResourceType": "instance", "Tags": [{"Key": "loadgen-run", "Value": "deadbeef"}]}])
    target = elb.create_target_group(Name="loadgen-deadbeef-cluster1", Protocol="HTTP", Port=80, VpcId=vpc)["TargetGroups"][0]["TargetGroupArn"]
    balancer = elb.create_load_balancer(Name="loadgen-deadbeef", Subnets=subnets, SecurityGroups=[group])["LoadBalancers"][0]["LoadBalancerArn"]
    elb.create_listener(LoadBalancerArn=balancer, Protocol="HTTP", Port=80, DefaultActions=[{"Type": "forward", "TargetGroupArn": target}])
    elb.create_target_group(Name="loadgen", Protocol="HTTP", Port=80, VpcId=vpc, Tags=[{"Key": "loadgen-run", "Value": "deadbeef"}])
    ec2.create_key_pair(KeyName="vockey")


def role(endpoint):
    iam = client(endpoint, "iam")
    trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}]}
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    arn = iam.create_role(RoleName="tester", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    iam.put_role_policy(RoleName="tester", PolicyName="all", PolicyDocument=json.dumps(policy))
    keys = client(endpoint, "sts").assume_role(RoleArn=arn, RoleSessionName="test")["Credentials"]
    return {"AWS_ACCESS_KEY_ID": keys["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": keys["SecretAccessKey"],
            "AWS_SESSION_TOKEN": keys["SessionToken"]}


def certificate(endpoint, cert, key):
    with open(cert, "rb") as c, open(key, "rb") as k:
        return client(endpoint, "acm").import_certificate(Certificate=c.read(), PrivateKey=k.read())["CertificateArn"]


def main():
    endpoint, what, *files = sys.argv[1:]
    if what == "certificate":
        print(json.dumps(certificate(endpoint, *files)))
        return
    if what == "role":
        print(json.dumps(role(endpoint)))
        return
    ec2, elb = client(endpoint, "ec2"), client(endpoint, "elbv2")
    if what == "decoys":
        decoys(ec2, elb)
    print(json.dumps(picture(ec2, elb)))


if __name__ == "__main__":
    main()
