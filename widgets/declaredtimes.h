// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/profile.h"

#include <QWidget>

#include <optional>

namespace norikv::widgets {

class FieldHint;
class PairTable;
class Theme;

/// "30 min", "90 s", "500 ms", "1 h", "2 d"; a bare number counts seconds. Nothing for 0 and for what is no
/// time.
std::optional<std::uint64_t> millisecondsIn(const QString& text);
/// The shortest of these that is exact.
QString durationWords(std::uint64_t ms);

/// What applications write and no key tells: how long records live, and what rate limiters allow. With it
/// rules are certain where they would only suspect.
class DeclaredTimes final : public QWidget {
    Q_OBJECT

public:
    /// theme must outlive the widget.
    explicit DeclaredTimes(const Theme& theme, QWidget* parent = nullptr);

    void show(const client::Profile& profile);
    /// Writes what is typed, as far as it is valid, into the profile.
    void apply(client::Profile& profile) const;
    /// Looks at what is typed and says what is wrong; empty when nothing is.
    QString check();

Q_SIGNALS:
    void edited();

private:
    PairTable* m_ttls;
    PairTable* m_limits;
    FieldHint* m_hint;
};

} // namespace norikv::widgets
