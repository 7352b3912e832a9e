// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QHBoxLayout;
class QLabel;

namespace norikv::widgets {

class ElidedLabel;

/// A heading with a muted remark behind it and a slot at the right end: "Counters  2 known, followed live".
class SectionHeader : public QWidget {
    Q_OBJECT

public:
    enum class Level { Page, Section };

    explicit SectionHeader(const QString& title, Level level = Level::Section, QWidget* parent = nullptr);

    void setTitle(const QString& title);
    void setRemark(const QString& remark);
    void addTrailing(QWidget* widget); ///< takes ownership

private:
    QLabel* m_title;
    ElidedLabel* m_remark;
    QHBoxLayout* m_trailing;
};

} // namespace norikv::widgets
