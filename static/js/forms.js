// A form that came back with problems: go to their list first. The browser's own autofocus does the same, but not
// where the address ends in a #fragment, as it does once a link of that list was followed.
document.querySelector(".mp-errors")?.focus();
