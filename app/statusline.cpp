// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/statusline.h"

#include "app/workspace.h"

#include "client/audit/audit.h"
#include "widgets/plaintext.h"
#include "widgets/tabular.h"
#include "widgets/theme.h"

#include <QLabel>

namespace norikv::app {

using widgets::makeLabel;

namespace {

QString coloured(const QColor& color) { return QStringLiteral("color: %1").arg(color.name()); }

} // namespace

StatusLine::StatusLine(const widgets::Theme& theme, QWidget* parent)
    : QStatusBar(parent)
    , m_theme(theme)
    , m_nodes(makeLabel(QString()))
    , m_trouble(makeLabel(QString()))
    , m_latency(new widgets::TabularLabel)
    , m_ops(new widgets::TabularLabel)
    , m_coverage(makeLabel(QString(), "muted"))
    , m_findings(makeLabel(QString()))
    , m_live(makeLabel(QString()))
{
    setSizeGripEnabled(false);
    m_latency->setToolTip(tr("95 of 100 calls of this program are answered within this time"));
    m_ops->setToolTip(tr("Calls per second that this program makes"));
    for (QLabel* label :
        {m_nodes, m_trouble, static_cast<QLabel*>(m_latency), static_cast<QLabel*>(m_ops), m_coverage})
        addWidget(label);
    addPermanentWidget(m_findings);
    addPermanentWidget(m_live);
}

void StatusLine::refresh(Workspace& workspace)
{
    const auto& feed = workspace.cluster();
    const int up = feed.nodesUp();
    const int all = int(feed.cluster().nodes.size());
    const QString trouble = feed.trouble();
    const auto& t = m_theme.tokens();
    m_nodes->setText(tr("%1 %2 of %3 nodes")
                         .arg(up == all   ? QStringLiteral("●")
                                 : up > 0 ? QStringLiteral("◐")
                                          : QStringLiteral("○"))
                         .arg(up)
                         .arg(all));
    m_nodes->setStyleSheet(coloured((up == all ? t.ok : t.danger).text));
    m_trouble->setText(trouble);
    m_trouble->setVisible(!trouble.isEmpty());
    m_trouble->setStyleSheet(coloured(t.danger.text));
    m_latency->setText(feed.p95Ms() > 0 ? tr("p95 %1 ms").arg(feed.p95Ms(), 0, 'f', 1) : QString());
    m_latency->setToolTip(
        tr("Of our last calls, 95 in 100 were answered within this time; half of them within "
           "%1 ms (the median)")
            .arg(feed.p50Ms(), 0, 'f', 1));
    m_ops->setToolTip(tr("Calls a second that this window itself makes of the server"));
    m_ops->setText(tr("we cause %1 ops/s").arg(feed.opsPerSecond(), 0, 'f', 0));
    const auto coverage = client::name(workspace.counters().coverage());
    m_coverage->setText(
        tr("coverage: %1").arg(QString::fromUtf8(coverage.data(), qsizetype(coverage.size()))));
    const int serious = workspace.findings().serious();
    m_findings->setText(serious > 0 ? tr("▲ %n finding(s)", nullptr, serious) : tr("no findings"));
    m_findings->setStyleSheet(serious > 0 ? coloured(t.warning.text) : QString());
    using State = models::TimeCursor::State;
    const State state = workspace.cursor().state();
    m_live->setText(state == State::Live ? tr("LIVE") : state == State::Paused ? tr("PAUSED") : tr("REPLAY"));
}

} // namespace norikv::app
