// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/mergedialog.h"

#include "models/text.h"
#include "widgets/keyvaluelist.h"
#include "widgets/plaintext.h"
#include "widgets/tabular.h"

#include <QDialogButtonBox>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

namespace norikv::widgets {

MergeDialog::MergeDialog(const client::ShardedCounter::MergePlan& plan, QWidget* parent)
    : QDialog(parent)
{
    setWindowTitle(tr("Merge shards"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(12);
    const bool nothing = plan.sources.empty();
    auto* text
        = makeLabel(nothing ? tr("Every shard but the first is at 0 already: there is nothing to merge.")
                            : tr("%n shard(s) will be set to 0 and their counts added to shard 0, each by "
                                 "compare-and-set. The total "
                                 "stays %1.",
                                nullptr, int(plan.sources.size()))
                                  .arg(groupDigits(plan.total)));
    text->setWordWrap(true);
    column->addWidget(text);
    auto* list = new KeyValueList;
    std::vector<KeyValueRow> rows;
    for (const auto& source : plan.sources) {
        KeyValueRow row;
        row.key = models::shown(source.key, 60);
        row.monoKey = true;
        row.value = tr("%1 → 0").arg(groupDigits(client::parseCounter(source.value).value_or(0)));
        rows.push_back(std::move(row));
    }
    list->setRows(rows);
    auto* scroll = new QScrollArea;
    scroll->setWidget(list);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setVisible(!nothing);
    column->addWidget(scroll, 1);
    auto* buttons = new QDialogButtonBox;
    auto* cancel = buttons->addButton(nothing ? tr("Close") : tr("Cancel"), QDialogButtonBox::RejectRole);
    if (!nothing) {
        auto* merge = buttons->addButton(tr("Merge"), QDialogButtonBox::AcceptRole);
        setStyleRole(merge, "primary");
    }
    cancel->setDefault(true);
    column->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    resize(440, nothing ? 140 : 420);
}

} // namespace norikv::widgets
