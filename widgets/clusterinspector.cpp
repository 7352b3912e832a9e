// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/clusterinspector.h"

#include "widgets/nodeinspector.h"
#include "widgets/plaintext.h"
#include "widgets/shardinspector.h"

#include <QLabel>
#include <QVBoxLayout>

namespace norikv::widgets {

ClusterInspector::ClusterInspector(models::ShardFeed& feed, const Theme& theme, QWidget* parent)
    : QStackedWidget(parent)
    , m_feed(feed)
    , m_nothing(new QWidget)
    , m_shard(new ShardInspector(feed, theme))
    , m_node(new NodeInspector(feed, theme))
{
    setObjectName(QStringLiteral("clusterInspector"));
    auto* column = new QVBoxLayout(m_nothing);
    column->setContentsMargins(16, 12, 16, 12);
    auto* hint = makeLabel(
        tr("Choose a square of the map to see its shard, or a node's card to ask that node."), "muted");
    hint->setWordWrap(true);
    column->addWidget(hint, 0, Qt::AlignTop);
    addWidget(m_nothing);
    addWidget(m_shard);
    addWidget(m_node);
    connect(&feed, &models::ShardFeed::selected, this, &ClusterInspector::choose);
    connect(m_shard, &ShardInspector::keyActivated, this, &ClusterInspector::keyActivated);
    choose();
}

void ClusterInspector::setReadOnly(bool readOnly) { m_shard->setReadOnly(readOnly); }

void ClusterInspector::choose()
{
    setCurrentWidget(m_feed.shard() ? static_cast<QWidget*>(m_shard)
            : m_feed.node()         ? static_cast<QWidget*>(m_node)
                                    : m_nothing);
}

} // namespace norikv::widgets
