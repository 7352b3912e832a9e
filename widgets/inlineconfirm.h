// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

class QLabel;
class QPushButton;

namespace norikv::widgets {

/// A question in place, instead of a dialog: a sentence, the act, perhaps another act, and the way back. Esc
/// takes the way back.
class InlineConfirm : public QFrame {
    Q_OBJECT

public:
    explicit InlineConfirm(Qt::Orientation orientation = Qt::Vertical, QWidget* parent = nullptr);

    /// `act` is styled as dangerous; `other` may be empty.
    void ask(const QString& question, const QString& act, const QString& back, const QString& other = {});

Q_SIGNALS:
    void acted();
    void otherChosen();
    void dismissed();

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    QLabel* m_question;
    QPushButton* m_act;
    QPushButton* m_other;
    QPushButton* m_back;
};

} // namespace norikv::widgets
