// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/savebar.h"

#include "widgets/plaintext.h"
#include "widgets/tabular.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

namespace norikv::widgets {

using models::TtlChoice;

namespace {

QString guardText(client::GuardMode mode)
{
    switch (mode) {
    case client::GuardMode::Confirm:
        return SaveBar::tr("asks first (confirm)");
    case client::GuardMode::ReadOnly:
        return SaveBar::tr("read-only: a save will be refused");
    default:
        return SaveBar::tr("guard: normal");
    }
}

} // namespace

QString provenanceText(client::TtlProvenance provenance)
{
    switch (provenance) {
    case client::TtlProvenance::Server:
        return SaveBar::tr("told by the server");
    case client::TtlProvenance::SetHere:
        return SaveBar::tr("set here");
    case client::TtlProvenance::FromValue:
        return SaveBar::tr("read from the value");
    case client::TtlProvenance::PatternDefault:
        return SaveBar::tr("the pattern's default");
    case client::TtlProvenance::Unknown:
        break;
    }
    return SaveBar::tr("this server does not tell");
}

SaveBar::SaveBar(models::KeyFeed& feed, QWidget* parent)
    : QWidget(parent)
    , m_feed(feed)
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 4, 0, 0);
    column->setSpacing(8);
    auto* ttlRow = new QHBoxLayout;
    m_ttl = new QComboBox;
    m_ttl->setObjectName(QStringLiteral("ttlChoice"));
    m_ttl->setAccessibleName(tr("Expiry after saving"));
    m_seconds = new QSpinBox;
    m_seconds->setObjectName(QStringLiteral("ttlSeconds"));
    m_seconds->setRange(1, 31'536'000);
    m_seconds->setValue(3600);
    m_seconds->setSuffix(tr(" s"));
    m_seconds->setAccessibleName(tr("New time to live in seconds"));
    ttlRow->addWidget(m_ttl, 1);
    ttlRow->addWidget(m_seconds);
    column->addLayout(ttlRow);
    m_summary = makeLabel(QString(), "caption");
    m_summary->setObjectName(QStringLiteral("saveSummary"));
    m_summary->setWordWrap(true);
    column->addWidget(m_summary);
    auto* buttons = new QHBoxLayout;
    m_save = new QPushButton(tr("Save"));
    m_save->setObjectName(QStringLiteral("saveValue"));
    m_save->setShortcut(QKeySequence::Save);
    setStyleRole(m_save, "primary");
    auto* cancel = new QPushButton(tr("Cancel"));
    cancel->setObjectName(QStringLiteral("cancelEdit"));
    buttons->addWidget(m_save);
    buttons->addWidget(cancel);
    buttons->addStretch(1);
    column->addLayout(buttons);
    connect(m_ttl, &QComboBox::currentIndexChanged, this, &SaveBar::refresh);
    connect(m_seconds, &QSpinBox::valueChanged, this, &SaveBar::refresh);
    connect(m_save, &QPushButton::clicked, this, &SaveBar::saveRequested);
    connect(cancel, &QPushButton::clicked, this, &SaveBar::cancelled);
}

void SaveBar::begin()
{
    m_ttl->clear();
    const auto& entry = m_feed.entry();
    const auto left = m_feed.remaining();
    using enum TtlChoice::Kind;
    if (!entry.exists() || (!left && entry.provenance != client::TtlProvenance::Unknown)) {
        m_ttl->addItem(tr("Save without expiry"), int(None));
    } else if (left) {
        m_ttl->addItem(tr("Keep the expiry (in %1)").arg(durationText(*left)), int(Keep));
        m_ttl->addItem(tr("Save without expiry"), int(None));
    } else {
        // Nobody knows whether it expires: a one-click save could make it permanent.
        m_ttl->addItem(tr("Choose what happens to its expiry …"), -1);
        m_ttl->addItem(tr("Save without expiry"), int(None));
    }
    m_ttl->addItem(tr("Expire after …"), int(New));
    refresh();
}

bool SaveBar::chosen() const { return m_ttl->currentData().isValid() && m_ttl->currentData().toInt() >= 0; }

TtlChoice SaveBar::choice() const
{
    TtlChoice choice;
    choice.kind = static_cast<TtlChoice::Kind>(std::max(0, m_ttl->currentData().toInt()));
    choice.ttl = std::chrono::seconds(m_seconds->value());
    return choice;
}

void SaveBar::refresh()
{
    m_seconds->setVisible(m_ttl->currentData().toInt() == int(TtlChoice::Kind::New));
    m_save->setEnabled(chosen());
    const auto& entry = m_feed.entry();
    QString expiry;
    if (!chosen()) {
        expiry = tr("it is not known whether this key expires: choose");
    } else {
        const auto left = m_feed.remaining();
        switch (choice().kind) {
        case TtlChoice::Kind::Keep:
            expiry = tr("expires in %1, as now (%2)")
                         .arg(left ? durationText(*left) : QString(), provenanceText(entry.provenance));
            break;
        case TtlChoice::Kind::None:
            expiry = tr("never expires");
            break;
        case TtlChoice::Kind::New:
            expiry = tr("expires in %1").arg(durationText(std::chrono::seconds(m_seconds->value())));
            break;
        }
    }
    const QString onto = entry.exists() ? tr("only if it is still version %1").arg(entry.version->index)
                                        : tr("only if the key is still missing");
    m_summary->setText(
        tr("After saving: %1 · %2 · %3").arg(expiry, onto, guardText(m_feed.connection().guardMode())));
}

} // namespace norikv::widgets
