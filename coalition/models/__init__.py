"""The coalition's tables: partners and what is asked of them, and the groups in which they meet."""

from coalition.models.groups import Attendance, FollowUp, GroupMember, Meeting, MeetingFeed, WorkingGroup
from coalition.models.merging import Merge, MergeKind
from coalition.models.partners import (
    AWAITING,
    TEAM,
    Channel,
    Contact,
    Kept,
    Lever,
    Part,
    Partner,
    Person,
    Promise,
    Sector,
    Status,
    Upload,
)

__all__ = [
    "AWAITING",
    "TEAM",
    "Attendance",
    "Channel",
    "Contact",
    "FollowUp",
    "GroupMember",
    "Kept",
    "Lever",
    "Meeting",
    "MeetingFeed",
    "Merge",
    "MergeKind",
    "Part",
    "Partner",
    "Person",
    "Promise",
    "Sector",
    "Status",
    "Upload",
    "WorkingGroup",
]
