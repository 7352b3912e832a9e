// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/copyasmenu.h"

#include "widgets/plaintext.h"

#include <QApplication>
#include <QClipboard>

namespace norikv::widgets {

using client::Language;

CopyAsMenu::CopyAsMenu(Provider provider, client::CopyTarget target, QWidget* parent)
    : QMenu(tr("Copy as"), parent)
    , m_provider(std::move(provider))
    , m_target(std::move(target))
{
    setObjectName(QStringLiteral("copyAsMenu"));
    setToolTipsVisible(true);
    connect(this, &QMenu::aboutToShow, this, &CopyAsMenu::fill);
}

void CopyAsMenu::addTo(QWidget& view)
{
    view.addAction(menuAction());
    auto* open = new QAction(tr("Copy as …"), this);
    open->setShortcut(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_C));
    open->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    open->setVisible(false); // the submenu is what the context menu shows
    view.addAction(open);
    connect(
        open, &QAction::triggered, this, [this, &view] { popup(view.mapToGlobal(view.rect().center())); });
}

void CopyAsMenu::addRefused(const QString& name, const client::Error& error)
{
    const QString reason = clippedLine(QString::fromStdString(error.message));
    QAction* action = addAction(QStringLiteral("%1 — %2").arg(name, reason).left(80));
    action->setToolTip(plainToolTip(reason));
    action->setEnabled(false);
}

void CopyAsMenu::fill()
{
    clear();
    const auto operation = m_provider();
    if (!operation) {
        addRefused(tr("Nothing to copy"), operation.error());
        return;
    }
    for (const Language language : {Language::TypeScript, Language::Python, Language::Go, Language::Java,
             Language::Grpcurl, Language::Curl}) {
        const auto label = client::name(language);
        const QString name = QString::fromUtf8(label.data(), qsizetype(label.size()));
        const auto snippet = client::copyAs(language, *operation, m_target);
        if (!snippet) {
            addRefused(name, snippet.error());
            continue;
        }
        addAction(name, this, [this, name, text = QString::fromStdString(*snippet)] {
            QApplication::clipboard()->setText(text);
            Q_EMIT copied(tr("Copied as %1").arg(name));
        });
    }
}

} // namespace norikv::widgets
