// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/patterns/counter.h"

#include <QDialog>

namespace norikv::widgets {

/// The dry run of merging a counter's shards: every change listed before anything is written.
class MergeDialog : public QDialog {
    Q_OBJECT

public:
    explicit MergeDialog(const client::ShardedCounter::MergePlan& plan, QWidget* parent = nullptr);
};

} // namespace norikv::widgets
