// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QTableView;
class QTreeView;

namespace norikv::widgets {

/// The look of every table: hairline rows, no vertical lines, whole rows selected, one fixed row height, no
/// wrapping. Fixed heights matter: measuring rows costs seconds on large models.
void styleTable(QTableView& table);
void styleTree(QTreeView& tree);

} // namespace norikv::widgets
