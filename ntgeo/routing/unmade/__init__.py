"""Why a visit is not made."""
