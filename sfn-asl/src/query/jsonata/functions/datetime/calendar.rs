//! The Gregorian calendar in milliseconds since 1970.

const DAY: i64 = 86_400_000;

/// A moment in UTC.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment {
    pub(super) millis: i64,
    pub(super) year: i64,
    /// 1 to 12
    pub(super) month: i64,
    pub(super) day: i64,
    /// Milliseconds since midnight.
    time: i64,
}

impl Moment {
    pub(super) fn new(millis: i64) -> Self {
        let (year, month, day) = civil(millis);
        Moment { millis, year, month, day, time: millis.rem_euclid(DAY) }
    }

    pub(super) fn hour(&self) -> i64 {
        self.time / 3_600_000
    }

    pub(super) fn minute(&self) -> i64 {
        self.time / 60_000 % 60
    }

    pub(super) fn second(&self) -> i64 {
        self.time / 1000 % 60
    }

    pub(super) fn milli(&self) -> i64 {
        self.time % 1000
    }

    fn midnight(&self) -> i64 {
        self.millis - self.time
    }

    pub(super) fn day_of_year(&self) -> i64 {
        (self.midnight() - millis_of(self.year, 0, 1)) / DAY + 1
    }

    /// 1 for Monday to 7 for Sunday.
    pub(super) fn day_of_week(&self) -> i64 {
        weekday(self.millis)
    }

    /// Week 1 has the year's first Thursday.
    pub(super) fn week_of_year(&self) -> i64 {
        self.week(52, first_week(self.year, 0), first_week(self.year + 1, 0), first_week(self.year - 1, 0))
    }

    /// Week 1 has the month's first Thursday.
    pub(super) fn week_of_month(&self) -> i64 {
        let month = self.month - 1;
        self.week(4, first_week(self.year, month), first_week(self.year, month + 1), first_week(self.year, month - 1))
    }

    fn week(&self, most: i64, start: i64, next: i64, previous: i64) -> i64 {
        let today = self.midnight();
        let weeks = |since: i64| (today - since).div_euclid(7 * DAY) + 1;
        let week = weeks(start);
        if week > most && today >= next {
            1
        } else if today < start {
            weeks(previous)
        } else {
            week
        }
    }

    /// The year the week belongs to.
    pub(super) fn week_year(&self) -> i64 {
        if self.millis < first_week(self.year, 0) {
            self.year - 1
        } else if self.millis >= first_week(self.year + 1, 0) {
            self.year + 1
        } else {
            self.year
        }
    }

    /// The month the week belongs to.
    pub(super) fn week_month(&self) -> i64 {
        let month = self.month - 1;
        if self.millis < first_week(self.year, month) {
            (month + 11) % 12 + 1
        } else if self.millis >= first_week(self.year, month + 1) {
            (month + 1) % 12 + 1
        } else {
            self.month
        }
    }
}

fn weekday(millis: i64) -> i64 {
    (millis.div_euclid(DAY) + 3).rem_euclid(7) + 1
}

/// The Monday of the week with the first Thursday of the month, counted from 0.
fn first_week(year: i64, month: i64) -> i64 {
    let first = millis_of(year, month, 1);
    let day = weekday(first);
    if day > 4 { first + (8 - day) * DAY } else { first - (day - 1) * DAY }
}

/// Midnight of a day; months count from 0 and may run over.
pub(super) fn millis_of(year: i64, month: i64, day: i64) -> i64 {
    let year = year + month.div_euclid(12);
    let month = month.rem_euclid(12) + 1;
    // Years that begin in March have their leap day at the end.
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year - era * 400;
    let of_year = (153 * ((month + 9) % 12) + 2) / 5;
    let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468;
    (days + day - 1) * DAY
}

/// Year, month from 1, and day.
pub(super) fn civil(millis: i64) -> (i64, i64, i64) {
    let days = millis.div_euclid(DAY) + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days - era * 146_097;
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}
