"""The framework's words that several apps share: what mobility is, its five pillars and their predictors (step 2)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Pillar(models.TextChoices):
    NEIGHBORHOODS = "neighborhoods", _("Opportunity-rich and inclusive neighborhoods")
    EDUCATION = "education", _("High-quality education")
    WORK = "work", _("Rewarding work")
    HEALTH = "health", _("Healthy environment and access to good health care")
    GOVERNANCE = "governance", _("Responsive and just governance")


# For the head of a narrow column.
SHORT = {
    Pillar.NEIGHBORHOODS: _("Neighborhoods"),
    Pillar.EDUCATION: _("Education"),
    Pillar.WORK: _("Work"),
    Pillar.HEALTH: _("Health"),
    Pillar.GOVERNANCE: _("Governance"),
}


class Dimension(models.TextChoices):
    """The three parts of the definition of mobility from poverty, none of which stands for another."""

    SUCCESS = "success", _("Economic success")
    POWER = "power", _("Power and autonomy")
    BELONGING = "belonging", _("Being valued in community")


class Predictor(models.TextChoices):
    """What predicts mobility (guide step 2); `PREDICTORS` says of which pillar."""

    AFFORDABILITY = "affordability", _("Housing affordability")
    STABILITY = "stability", _("Housing stability")
    INCLUSION = "inclusion", _("Economic inclusion")
    DIVERSITY = "diversity", _("Racial diversity")
    CAPITAL = "capital", _("Social capital")
    TRANSPORTATION = "transportation", _("Transportation access")
    PRESCHOOL = "preschool", _("Access to preschool")
    LEARNING = "learning", _("Effective public education")
    MIX = "mix", _("School economic diversity")
    COLLEGE = "college", _("Preparation for college")
    DIGITAL = "digital", _("Digital access")
    EMPLOYMENT = "employment", _("Employment opportunities")
    WAGE = "wage", _("Jobs paying a living wage")
    INCOME = "income", _("Opportunities for income")
    SECURITY = "security", _("Financial security")
    WEALTH = "wealth", _("Wealth-building")
    SERVICES = "services", _("Access to health services")
    NEONATAL = "neonatal", _("Neonatal health")
    ENVIRONMENT = "environment", _("Environmental quality")
    TRAUMA = "trauma", _("Safety from trauma")
    PARTICIPATION = "participation", _("Political participation")
    REPRESENTATION = "representation", _("Descriptive representation")
    CRIME = "crime", _("Safety from crime")
    POLICING = "policing", _("Just policing")


_P = Predictor
PREDICTORS = {
    Pillar.NEIGHBORHOODS: (_P.AFFORDABILITY, _P.STABILITY, _P.INCLUSION, _P.DIVERSITY, _P.CAPITAL, _P.TRANSPORTATION),
    Pillar.EDUCATION: (_P.PRESCHOOL, _P.LEARNING, _P.MIX, _P.COLLEGE, _P.DIGITAL),
    Pillar.WORK: (_P.EMPLOYMENT, _P.WAGE, _P.INCOME, _P.SECURITY, _P.WEALTH),
    Pillar.HEALTH: (_P.SERVICES, _P.NEONATAL, _P.ENVIRONMENT, _P.TRAUMA),
    Pillar.GOVERNANCE: (_P.PARTICIPATION, _P.REPRESENTATION, _P.CRIME, _P.POLICING),
}
