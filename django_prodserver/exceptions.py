"""The mistakes a project can make, one class each.

Every class has the id under which ``manage.py check`` reports it.
Starting a process shows the same mistake as one line.
An id with a ``W`` is a mistake only where the process is to run (a package that a laptop lacks,
say): a warning for ``check``, and still an error for whoever starts the process.
"""

from typing import ClassVar

from django.core.exceptions import ImproperlyConfigured

__all__ = [
    "AccessOpen",
    "AppNotInstalled",
    "ApplicationError",
    "ApplicationMissing",
    "ArgsTypeError",
    "BackendClassError",
    "BackendMissing",
    "BackendNotFound",
    "CodeWatched",
    "ConfigurationError",
    "DevelopmentOnly",
    "EntryTypeError",
    "LaunchError",
    "OptionRepeated",
    "OptionUnsupported",
    "OptionValueError",
    "OptionsUnreadable",
    "PackageHidden",
    "PackageMissing",
    "PlatformUnsupported",
    "ProcessNameError",
    "SettingMissing",
    "SettingTypeError",
    "UnknownKey",
    "UnknownOption",
    "UsageError",
]


class UsageError(Exception):
    """The command as typed cannot be carried out; the message is one line. Exit code 2."""

    exit_code: ClassVar[int] = 2


class LaunchError(Exception):
    """The process cannot be started; the message is one line. Exit code 1."""

    exit_code: ClassVar[int] = 1


class ConfigurationError(ImproperlyConfigured):
    """A mistake in the settings; the text is one line. Exit code 1.

    ``message`` says what is wrong and where, ``hint`` the way out.
    """

    id: ClassVar[str]
    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}"


class SettingTypeError(ConfigurationError):
    """PRODUCTION_PROCESSES is not a dictionary."""

    id = "prodserver.E001"


class ProcessNameError(ConfigurationError):
    """The name of a process is not a text that can be typed."""

    id = "prodserver.E002"


class EntryTypeError(ConfigurationError):
    """The entry of a process is not a dictionary, or one of its values has the wrong type."""

    id = "prodserver.E003"


class BackendMissing(ConfigurationError):
    """The entry of a process has no BACKEND."""

    id = "prodserver.E004"


class UnknownKey(ConfigurationError):
    """The entry of a process has a key that nothing reads."""

    id = "prodserver.E005"


class BackendNotFound(ConfigurationError):
    """BACKEND names nothing that can be imported."""

    id = "prodserver.E006"


class BackendClassError(ConfigurationError):
    """BACKEND names something that is not a backend class."""

    id = "prodserver.E007"


class ArgsTypeError(ConfigurationError):
    """ARGS as a whole is neither a mapping, nor a list, nor a string that a shell could split."""

    id = "prodserver.E008"


class UnknownOption(ConfigurationError):
    """The installed backend has no option of this name."""

    id = "prodserver.E009"


class OptionValueError(ConfigurationError):
    """An option has a value that it cannot take."""

    id = "prodserver.E010"


class OptionUnsupported(ConfigurationError):
    """The backend's command line cannot express this option, or this value of it."""

    id = "prodserver.E011"


class OptionRepeated(ConfigurationError):
    """One option is given twice, under two of its names."""

    id = "prodserver.E012"


class ApplicationError(ConfigurationError):
    """The application that the process is to serve cannot be told from the settings."""

    id = "prodserver.E013"


class ApplicationMissing(ConfigurationError):
    """The entry of a process has no APP, and its backend cannot do without."""

    id = "prodserver.E014"


class AppNotInstalled(ConfigurationError):
    """The Django app of a worker is not in INSTALLED_APPS."""

    id = "prodserver.E015"


class PackageHidden(ConfigurationError):
    """A file of the project has the name of a module that the server imports."""

    id = "prodserver.E016"


class SettingMissing(ConfigurationError):
    """PRODUCTION_PROCESSES is missing or empty."""

    id = "prodserver.W001"


class PackageMissing(ConfigurationError):
    """The package of a backend is not installed here."""

    id = "prodserver.W002"


class PlatformUnsupported(ConfigurationError):
    """The backend does not run on this operating system."""

    id = "prodserver.W003"


class OptionsUnreadable(ConfigurationError):
    """The options of the installed backend cannot be read. Never stops a process."""

    id = "prodserver.W004"


class DevelopmentOnly(ConfigurationError):
    """The backend is not made for production. Reported by ``check --deploy`` alone."""

    id = "prodserver.W005"


class CodeWatched(ConfigurationError):
    """The process watches the code and restarts itself. Reported by ``check --deploy`` alone."""

    id = "prodserver.W006"


class AccessOpen(ConfigurationError):
    """The process does what anybody asks for. Reported by ``check --deploy`` alone."""

    id = "prodserver.W007"
