// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/keyvaluelist.h"

#include "widgets/elidedlabel.h"
#include "widgets/plaintext.h"
#include "widgets/tabular.h"
#include "widgets/theme.h"

#include <QFrame>
#include <QHBoxLayout>
#include <QVBoxLayout>

namespace norikv::widgets {

class KeyValueList::Row : public QFrame {
public:
    explicit Row(QWidget* parent)
        : QFrame(parent)
    {
        setProperty("role", QStringLiteral("row"));
        auto* line = new QHBoxLayout(this);
        line->setContentsMargins(8, 4, 8, 4);
        line->setSpacing(12);
        line->addWidget(&m_key, 3);
        line->addWidget(&m_middle, 2);
        line->addWidget(&m_value, 0, Qt::AlignRight | Qt::AlignVCenter);
    }

    void show(const KeyValueRow& row)
    {
        m_key.setElideMode(row.monoKey ? Qt::ElideMiddle : Qt::ElideRight);
        m_key.setFont(row.monoKey ? Theme::monoFont() : Theme::baseFont());
        m_key.setText(row.key);
        m_middle.setText(row.middle);
        m_middle.setVisible(!row.middle.isEmpty());
        m_value.setText(clippedLine(row.value));
        setAccessibleName(QStringList{row.key, row.middle, row.value}.join(u' ').simplified());
    }

private:
    ElidedLabel m_key;
    ElidedLabel m_middle;
    TabularLabel m_value;
};

KeyValueList::KeyValueList(QWidget* parent)
    : QWidget(parent)
    , m_column(new QVBoxLayout(this))
{
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(0);
}

void KeyValueList::setRows(const std::vector<KeyValueRow>& rows)
{
    while (m_rows.size() > rows.size()) {
        delete m_rows.back();
        m_rows.pop_back();
    }
    while (m_rows.size() < rows.size()) {
        m_rows.push_back(new Row(this));
        m_column->addWidget(m_rows.back());
    }
    for (std::size_t i = 0; i < rows.size(); ++i)
        m_rows[i]->show(rows[i]);
}

} // namespace norikv::widgets
