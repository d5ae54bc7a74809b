"""Keeps secrets and private addresses of a program on the machine while a model works on it.

`Mask.of` finds them, `Mask.hide` puts placeholders in their place in every text that is sent, `Mask.restore` puts the
values back into what comes back.
"""

from doctranslate.privacy.found import Hidden
from doctranslate.privacy.mask import Mask

__all__ = ["Hidden", "Mask"]
