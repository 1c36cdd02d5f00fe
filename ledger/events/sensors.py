"""Sensor elements of EPCIS 2.0 (7.4.7): checked field by field, kept as frozen JSON.

Rule: names of measurements, alarms and axes lose the prefixes `gs1:` and `cbv:Comp-`; numbers written as
text become numbers; times become UTC; fields with a prefix are kept untouched.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal

from ledger.events.checks import identifier, refusal
from ledger.events.instants import instant_text, parse_instant
from ledger.events.values import tidy_decimal

MEASUREMENTS = frozenset(
    """AbsoluteHumidity AbsorbedDose AbsorbedDoseRate Acceleration Altitude AmountOfSubstance
    AmountOfSubstancePerUnitVolume Angle AngularAcceleration AngularMomentum AngularVelocity Area Capacitance
    Conductance Conductivity Count Density Dimensionless DoseEquivalent DoseEquivalentRate DynamicViscosity
    EffectiveDose EffectiveDoseRate ElectricCharge ElectricCurrent ElectricCurrentDensity
    ElectricFieldStrength Energy Exposure Force Frequency Illuminance Inductance Irradiance
    KinematicViscosity Length LinearMomentum Luminance LuminousFlux LuminousIntensity MagneticFlux
    MagneticFluxDensity MagneticVectorPotential Mass MassConcentration MassFlowRate MassPerAreaTime
    MemoryCapacity MolalityOfSolute MolarEnergy MolarMass MolarVolume Molar_concentration
    Molar_thermodynamic_energy Power Pressure RadiantFlux RadiantIntensity Radioactivity RelativeHumidity
    Resistance Resistivity SolidAngle SpecificVolume Speed SurfaceDensity SurfaceTension Temperature Time
    Torque Voltage Volume VolumeFlowRate VolumeFraction VolumetricFlux Wavenumber""".split()  # noqa: SIM905 - as a paragraph
)
ALERTS = frozenset(("ALARM_CONDITION", "ERROR_CONDITION"))
AXES = frozenset(
    """altitude axial_distance azimuth easting elevation_angle height latitude longitude northing polar_angle
    spherical_radius x y z""".split()  # noqa: SIM905 - as a paragraph
)
_GS1_VOCABULARY = ("gs1:", "https://gs1.org/voc/", "https://www.gs1.org/voc/", "http://gs1.org/voc/")
_CBV_AXES = (
    "cbv:Comp-",
    "https://ref.gs1.org/cbv/Comp-",
    "https://ns.gs1.org/cbv/Comp-",
    "urn:epcglobal:cbv:comp:",
)
_UNIT = re.compile(r"[A-Z0-9]{2,3}")
Read = Callable[[object, str], object]


def sensor_elements(value: object, field: str) -> list[dict[str, object]]:
    """Return the sensor elements of an event, checked.

    Raises:
        EventInvalid: naming the report and the field in it.
    """
    if not isinstance(value, list):
        raise refusal("not a list", field, "not-a-list", value, "a list of sensor elements")
    return [_element(item, f"{field}[{place}]") for place, item in enumerate(value)]


def _element(value: object, field: str) -> dict[str, object]:
    element = _fields(value, field, {"sensorMetadata": _metadata, "sensorReport": _reports})
    if "sensorReport" not in element:
        raise refusal(
            "a sensor element without report",
            f"{field}.sensorReport",
            "field-missing",
            "nothing",
            "at least one report",
        )
    return element


def _metadata(value: object, field: str) -> object:
    return _fields(value, field, _METADATA)


def _reports(value: object, field: str) -> object:
    reports = value if isinstance(value, list) else [value]
    if not reports:
        raise refusal("no report", field, "field-missing", "nothing", "at least one report")
    return [_report(item, f"{field}[{place}]") for place, item in enumerate(reports)]


def _report(value: object, field: str) -> object:
    report = _fields(value, field, _REPORT)
    if "type" not in report and "exception" not in report:
        raise refusal(
            "a report without type", f"{field}.type", "field-missing", "nothing", "such as Temperature"
        )
    return report


def _fields(value: object, field: str, readers: Mapping[str, Read]) -> dict[str, object]:
    if not isinstance(value, Mapping):
        raise refusal("not an object", field, "not-an-object", value, "an object of names and values")
    made: dict[str, object] = {}
    for name, item in value.items():
        if name in readers:
            made[name] = readers[name](item, f"{field}.{name}")
        elif ":" in name:
            made[name] = item
        else:
            raise refusal(
                "no such field in sensor data",
                f"{field}.{name}",
                "field-unknown",
                name,
                "a field of the standard, or one of your own with a prefix such as example:colour",
            )
    return made


def _named(words: frozenset[str], prefixes: tuple[str, ...], code: str) -> Read:
    def read(value: object, field: str) -> object:
        bare = value
        for prefix in prefixes:
            if isinstance(value, str) and value.startswith(prefix):
                bare = value[len(prefix) :]
        if isinstance(bare, str) and bare in words:
            return bare
        if isinstance(value, str) and ":" in value and bare is value:
            return identifier(value, field)
        raise refusal(
            "not a word of the standard and not a URI", field, code, value, ", ".join(sorted(words))
        )

    return read


def _number(value: object, field: str) -> object:
    number = tidy_decimal(value.strip() if isinstance(value, str) else value, field=field)
    return int(number) if number == number.to_integral_value() else Decimal(number)


def _flag(value: object, field: str) -> object:
    if isinstance(value, str) and value in ("true", "false"):
        return value == "true"
    if isinstance(value, bool):
        return value
    raise refusal("not true or false", field, "not-a-flag", value, "true or false")


def _matching(pattern: re.Pattern[str], code: str, expected: str) -> Read:
    def read(value: object, field: str) -> object:
        if isinstance(value, str) and pattern.fullmatch(value):
            return value
        raise refusal(f"not {expected}", field, code, value, expected)

    return read


def _time(value: object, field: str) -> object:
    return instant_text(parse_instant(value, field))


def _text(value: object, field: str) -> object:
    if isinstance(value, str):
        return value
    raise refusal("not text", field, "not-text", value, "text")


_DEVICE: Mapping[str, Read] = {
    "time": _time,
    **dict.fromkeys(
        ("deviceID", "deviceMetadata", "rawData", "dataProcessingMethod", "bizRules"), identifier
    ),
}
_METADATA: Mapping[str, Read] = {**_DEVICE, "startTime": _time, "endTime": _time}
_REPORT: Mapping[str, Read] = {
    **_DEVICE,
    "type": _named(MEASUREMENTS, _GS1_VOCABULARY, "measurement-unknown"),
    "exception": _named(ALERTS, _GS1_VOCABULARY, "sensor-alert-unknown"),
    "component": _named(AXES, _CBV_AXES, "component-unknown"),
    **dict.fromkeys(
        ("microorganism", "chemicalSubstance", "coordinateReferenceSystem", "uriValue"), identifier
    ),
    **dict.fromkeys(("value", "minValue", "maxValue", "meanValue", "sDev", "percRank", "percValue"), _number),
    "stringValue": _text,
    "booleanValue": _flag,
    "hexBinaryValue": _matching(re.compile(r"[0-9A-Fa-f]+"), "hex-unfit", "hexadecimal digits"),
    "uom": _matching(_UNIT, "unit-unknown", "a Recommendation 20 code such as CEL"),
}
