#!/usr/bin/env python3
"""Writes `src/test_state/service_models.jsonl`: what AWS's services answer, for the mocks of TestState.

    pip download --no-deps --dest FOLDER botocore==1.41.5
    python3 sfn-core/tools/service_models.py FOLDER/botocore-1.41.5-py3-none-any.whl

Version 1.41.5 is of November 2025, as are the recordings of AWS's TestState that this agrees with: later models have
wider bounds (Lambda's MemorySize) that TestState did not know in December 2025.

The facts come from the API models (`service-2.json`) in the wheel of botocore, (c) Amazon.com, Apache License 2.0; see
`src/test_state/service_models.NOTICE`. Taken over are, for the output of every operation of the services below: names
of members, types, required members, enumerations, and bounds. Texts are left out.

The first line of the file names its source; each further line is one service:

    {"service": NAME, "operations": {ACTION: SHAPE}, "shapes": [...]}

ACTION is the name that a resource ARN has (`startExecution`), SHAPE a place in `shapes`. A shape is

    "string" | "number" | "boolean" | "any"        without bounds; a timestamp or a blob is a string
    {"string": [MIN, MAX]} and/or {"enum": [...]}   `null` where there is no bound
    {"number": [MIN, MAX]}
    {"list": SHAPE, "length": [MIN, MAX]}           `length` only where there is a bound
    {"map": SHAPE}
    {"members": {NAME: SHAPE}, "required": [NAME]}  names begin with a capital, as Step Functions writes them

The output is the same for the same wheel, whatever the machine.
"""

import gzip
import json
import pathlib
import sys
import zipfile

# The services of optimized integrations, and those that `aws-sdk` tasks call most. The first name is that of the file
# in botocore, the second the one that stands in the ARN of an `aws-sdk` task.
SERVICES = {
    "athena": "athena",
    "batch": "batch",
    "cloudwatch": "cloudwatch",
    "codebuild": "codebuild",
    "databrew": "databrew",
    "dynamodb": "dynamodb",
    "ecs": "ecs",
    "eks": "eks",
    "emr-containers": "emrcontainers",
    "emr-serverless": "emrserverless",
    "emr": "emr",
    "events": "eventbridge",
    "glue": "glue",
    "kms": "kms",
    "lambda": "lambda",
    "s3": "s3",
    "scheduler": "scheduler",
    "secretsmanager": "secretsmanager",
    "ses": "ses",
    "sns": "sns",
    "sqs": "sqs",
    "ssm": "ssm",
    "stepfunctions": "sfn",
    "sts": "sts",
}

# Of the largest services only the operations whose name has one of these words in it.
WORDS = {
    "glue": ["JobRun", "GetJob", "Crawler", "GetTable", "GetPartition", "GetDatabase"],
    "ssm": ["Parameter", "Command", "AutomationExecution"],
}

TYPES = {
    "string": "string", "character": "string", "timestamp": "string", "blob": "string",
    "integer": "number", "long": "number", "float": "number", "double": "number",
    "boolean": "boolean",
}


def capital(name):
    return name[:1].upper() + name[1:]


def bounds(shape):
    found = [shape.get("min"), shape.get("max")]
    return found if found != [None, None] else None


class Service:
    def __init__(self, model, words):
        self.shapes = model["shapes"]
        self.written = []
        self.places = {}
        self.operations = {}
        for name, operation in sorted(model["operations"].items()):
            action = name[:1].lower() + name[1:]
            output = operation.get("output")
            if words and not any(word in name for word in words):
                continue
            if output and self.shapes[output["shape"]].get("members"):
                self.operations[action] = self.place(output["shape"])

    def place(self, name):
        """The place of a shape; equal ones share it, and one that holds itself has its place before its content."""
        if name in self.places:
            return self.places[name]
        shape = self.shapes[name]
        kind = shape["type"]
        if kind not in ("structure", "list", "map"):
            self.places[name] = self.add(self.scalar(shape, kind))
            return self.places[name]
        place = self.places[name] = len(self.written)
        self.written.append(None)
        if shape.get("document"):
            content = "any"
        elif kind == "structure":
            members = {capital(key): self.place(member["shape"]) for key, member in shape["members"].items()}
            content = {"members": members}
            if shape.get("required"):
                content["required"] = [capital(key) for key in shape["required"]]
        elif kind == "list":
            content = {"list": self.place(shape["member"]["shape"])}
            if bounds(shape):
                content["length"] = bounds(shape)
        else:
            content = {"map": self.place(shape["value"]["shape"])}
        self.written[place] = content
        return place

    def scalar(self, shape, kind):
        kind = TYPES[kind]
        content = {}
        if bounds(shape) and kind != "boolean" and shape["type"] != "timestamp":
            content[kind] = bounds(shape)
        if "enum" in shape:
            content["enum"] = shape["enum"]
        return content or kind

    def add(self, content):
        if content in self.written:
            return self.written.index(content)
        self.written.append(content)
        return len(self.written) - 1


def main():
    wheel = pathlib.Path(sys.argv[1])
    version = wheel.name.split("-")[1]
    lines = [{"source": f"botocore {version}, Apache-2.0"}]
    with zipfile.ZipFile(wheel) as archive:
        for file, name in sorted(SERVICES.items(), key=lambda pair: pair[1]):
            versions = [path for path in archive.namelist()
                        if path.startswith(f"botocore/data/{file}/") and path.endswith("/service-2.json.gz")]
            service = Service(json.loads(gzip.decompress(archive.read(max(versions)))), WORDS.get(file))
            lines.append({"service": name, "operations": service.operations, "shapes": service.written})
    target = pathlib.Path(__file__).parent.parent / "src" / "test_state" / "service_models.jsonl"
    text = "".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines)
    target.write_text(text, encoding="utf-8")
    for line in lines[1:]:
        print(f"{len(json.dumps(line, separators=(',', ':'))):8} {line['service']}")
    print(f"{len(text):8} in all")


if __name__ == "__main__":
    main()
