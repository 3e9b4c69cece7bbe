"""OpenCV with its windows, on an image that has no library to draw them.

## What it does
Reports `opencv-python` and `opencv-contrib-python`, and packages that depend on them, in the
environment of a script that imports them for certain, where the image is known to lack `libGL`:
Azure ML's default image and its `openmpi` and `intelmpi` base images, and Docker's
`python:3.x-slim` and `python:3.x-bookworm`. Of an image that a Dockerfile builds on these it
speaks where none of the packages that `apt-get` adds brings the library. Nothing is said of other
images, where a headless package is listed too, and of conda's `opencv`, which brings its own
libraries.

## Why it matters
The image builds, and the container stops at the import with `ImportError: libGL.so.1: cannot open
shared object file: No such file or directory`. A laptop has the library, a server's image has not.

## Example
```yaml conda.yml {8}
name: serving
channels:
  - conda-forge
dependencies:
  - python=3.12
  - pip
  - pip:
      - opencv-python==4.10.0.84
      - numpy==1.26.4
      - azureml-inference-server-http==1.5.1
```
```yaml deployment.yml
$schema: https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json
name: blue
endpoint_name: scoring
code_configuration:
  code: .
  scoring_script: score.py
environment:
  image: mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20251130.v1
  conda_file: conda.yml
instance_type: Standard_DS3_v2
instance_count: 1
```
```python score.py
import cv2
import numpy as np


def init():
    pass


def run(raw_data):
    return {"edges": int(cv2.Canny(np.zeros((8, 8), np.uint8), 1, 2).sum())}
```

## Use instead
```yaml conda.yml
name: serving
channels:
  - conda-forge
dependencies:
  - python=3.12
  - pip
  - pip:
      - opencv-python-headless==4.10.0.84
      - numpy==1.26.4
      - azureml-inference-server-http==1.5.1
```
```yaml deployment.yml
$schema: https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json
name: blue
endpoint_name: scoring
code_configuration:
  code: .
  scoring_script: score.py
environment:
  image: mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20251130.v1
  conda_file: conda.yml
instance_type: Standard_DS3_v2
instance_count: 1
```
```python score.py
import cv2
import numpy as np


def init():
    pass


def run(raw_data):
    return {"edges": int(cv2.Canny(np.zeros((8, 8), np.uint8), 1, 2).sum())}
```

## Fix safety
Safe: the headless package is the same release without `cv2.imshow` and its like, which have no
screen in a container. There is no fix where another package needs the one that is replaced.

## Sources
- `schemas/system-libraries.json`: the libraries that the wheels ask for and do not bring.
- opencv-python 4.10.0.84 and 5.0.0.93, imported on a machine without `libGL.so.1`: executed; they
  end with the error above, opencv-python-headless 5.0.0.93 does not. For Python 3.6 there is only
  the source of 5.0, which is built without windows: there nothing is said of an open version.
- Azure/AzureML-Containers, Dockerfiles of the `openmpi` and `intelmpi` images: none installs it.
- opencv/opencv-python#370: `python:3.9` ends with that error; so does `python:3.11-slim`,
  fireform-core/FireForm#184. The packages that `python:3.x-bookworm` is made of
  (docker-library/buildpack-deps) are in the next table.
- `schemas/system-packages.json`: packages of Debian that do not bring `libGL`, by apt.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from amllint.analysis.certain_imports import certain_imports
from amllint.artifacts.docker_environment import DockerEnvironment
from amllint.artifacts.environment import Environment
from amllint.artifacts.fields import Absent, Field, Known
from amllint.artifacts.image_names import image_name
from amllint.artifacts.pins import bounds
from amllint.artifacts.pip_requirements import PipLine, pip_line
from amllint.artifacts.requirements import conda_name
from amllint.artifacts.scoring_script import ScoringScript
from amllint.findings.finding import Fix, Observation, Related, finding
from amllint.rules.environment.conda_edits import replace_in
from amllint.rules.registry import rule
from amllint.schemas import load_table
from amllint.source.python import syntax as s
from amllint.units import DeploymentUnit

_IMAGES: Final = ("openmpi", "intelmpi", "base")
_BRINGS_IT: Final = re.compile(r"(?i)libgl|mesa|ffmpeg|opencv|libsm6|qt5|xorg|apt[\w-]*\s+install")
_PYTHON: Final = re.compile(
    r"(?:docker\.io/)?(?:library/)?python:3(?:\.\d+)+-(?:slim(?:-\w+)?|bookworm)"
)
"""Docker's images of Python without the library; of the others it is not known."""
_FIRST_WITH_WHEELS: Final = (3, 7)
"""The first Python for which the newest releases, 5.0, have wheels."""
_CONDA_BRINGS_IT: Final = re.compile(r"opencv|py-opencv|libopencv|libgl|mesa|glvnd")


@rule("AML315", "opencv-system-libs", severity="warning", stage="start", fix="safe")
def opencv_system_libs(
    script: ScoringScript, environment: Environment, unit: DeploymentUnit
) -> Iterator[Observation]:
    """Report OpenCV that cannot be imported on the image that it is installed into."""
    if not unit.serves or environment.is_python_env or environment.run_together:
        return
    lines = {line.project: line for line in map(pip_line, environment.pip) if line}
    rows = [row for row in load_table("system-libraries")["packages"] if row["package"] in lines]
    rows = [row for row in rows if not _is_built(environment, lines[row["package"]])]
    if not rows or any(name.endswith("-headless") for name in lines):
        return
    if not (_lacks_it(unit) or _is_built_without(environment)):
        return
    if any(_CONDA_BRINGS_IT.match(conda_name(r) or "") for r in environment.conda):
        return
    for row in rows:
        place = next(_imports(script, row["import"]), None)
        if place is not None:
            yield _told(environment, lines[row["package"]], row, place, len(rows) == 1)
            return


def _is_built(environment: Environment, line: PipLine) -> bool:
    """Whether pip takes the source of a newer release than has wheels, and builds without it."""
    python = bounds(environment, "python")
    return not line.versions and python is not None and python.is_before(_FIRST_WITH_WHEELS)


def _told(
    environment: Environment, line: PipLine, row: dict[str, Any], place: Related, alone: bool
) -> Observation:
    instead, needs = row.get("instead"), row.get("needs")
    packages = " and ".join(f"`{name}`" for name in row["brings"])
    edit = None
    if instead and alone:
        edit = replace_in(line.requirement, line.name, instead)
    what = f"`{line.name}`" if needs is None else f"`{line.name}` brings `{needs}`, which"
    return finding(
        line.requirement.location,
        f"{what} needs {row['library']}, which the image does not have: importing "
        f"`{row['import']}` ends the container",
        help=f"write `{instead}`" if edit else f"install {packages} in a Dockerfile of your own",
        related=(place,),
        fix=Fix("safe", f"write `{instead}`", (edit,)) if edit else None,
        key=f"library {row['library']}",
    )


def _imports(script: ScoringScript, name: str) -> Iterator[Related]:
    """Where a module is imported for certain by the script, or by a module that ships with it."""
    for part in (script.itself, *script.modules.values()):
        for found in certain_imports(part.facts):
            if found.part == "import" and name in _heads(found.statement):
                yield Related(part.at(found.statement.span), "imported here")


def _heads(statement: s.Import) -> set[str]:
    if statement.level:
        return set()
    if statement.module:
        return {statement.module.partition(".")[0]}
    return {alias.name.partition(".")[0] for alias in statement.names}


def _lacks_it(unit: DeploymentUnit) -> bool:
    """Whether the image is known, and known to be without the library."""
    if unit.reference is not None:
        return _is_bare(unit.reference.image, default=False)
    config = unit.inference_config
    if config is None or not isinstance(config.extra_docker_file_steps, Absent):
        return False
    custom = config.base_dockerfile
    if not isinstance(custom, Absent):
        text = custom.value if isinstance(custom, Known) else None
        return isinstance(text, str) and _is_bare_dockerfile(text)
    return _is_bare(config.base_image, default=True)


def _is_built_without(environment: Environment) -> bool:
    """Whether a Dockerfile takes an image without the library, and adds none that brings it."""
    if not isinstance(environment, DockerEnvironment) or environment.system is None:
        return False
    image = environment.image or ""
    if not _PYTHON.fullmatch(image) and not _is_bare_name(image):
        return False
    return environment.system <= set(load_table("system-packages")["packages"])


def _is_bare(image: Field[Any], default: bool) -> bool:
    if isinstance(image, Absent):
        return default
    return isinstance(image, Known) and _is_bare_name(image.value)


def _is_bare_name(image: Any) -> bool:
    name = image_name(image)
    return name is not None and name.is_azure_ml and name.repository.startswith(_IMAGES)


def _is_bare_dockerfile(text: str) -> bool:
    from amllint.source.dockerfile import base_image, is_dockerfile

    found = base_image(text) if is_dockerfile(text) else None
    return found is not None and _is_bare_name(found.name) and not _BRINGS_IT.search(text)
