// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/decodechips.h"

#include "widgets/flowlayout.h"
#include "widgets/icons.h"
#include "widgets/plaintext.h"
#include "widgets/theme.h"

#include <QMenu>
#include <QToolButton>

namespace norikv::widgets {

namespace {

QString text(std::string_view name) { return QString::fromUtf8(name.data(), qsizetype(name.size())); }

} // namespace

DecodeChips::DecodeChips(models::ValuePresenter& presenter, const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_presenter(presenter)
    , m_theme(theme)
{
    setObjectName(QStringLiteral("decodeChips"));
    m_flow = new FlowLayout(6, 4);
    m_flow->setContentsMargins(0, 0, 0, 0);
    setLayout(m_flow);
    m_form = new QToolButton(this);
    m_form->setObjectName(QStringLiteral("valueForm"));
    setStyleRole(m_form, "chipMenu");
    m_form->setPopupMode(QToolButton::InstantPopup);
    m_form->setToolTip(tr("What the value is read as, for every key that begins alike"));
    auto* forms = new QMenu(m_form);
    connect(
        forms->addAction(tr("Automatic")), &QAction::triggered, this, [this] { m_presenter.setAutomatic(); });
    forms->addSeparator();
    using enum client::ValueForm;
    for (const auto form : {Text, Json, MessagePack, Protobuf, Image, Binary})
        connect(forms->addAction(text(client::name(form))), &QAction::triggered, this,
            [this, form] { m_presenter.setForm(form); });
    m_form->setMenu(forms);
    m_add = new QToolButton(this);
    m_add->setObjectName(QStringLiteral("addLayer"));
    setStyleRole(m_add, "chipMenu");
    m_add->setText(QStringLiteral("+"));
    m_add->setPopupMode(QToolButton::InstantPopup);
    m_add->setToolTip(tr("Take another layer off"));
    m_add->setAccessibleName(m_add->toolTip());
    auto* layers = new QMenu(m_add);
    using enum client::Wrapping;
    for (const auto wrapping : {Gzip, Zlib, Zstd, Base64})
        connect(layers->addAction(text(client::name(wrapping))), &QAction::triggered, this,
            [this, wrapping] { add(wrapping); });
    m_add->setMenu(layers);
    m_flow->addWidget(m_form);
    m_flow->addWidget(m_add);
    connect(&presenter, &models::ValuePresenter::presented, this, &DecodeChips::refresh);
    refresh();
}

void DecodeChips::setFrozen(bool frozen)
{
    m_frozen = frozen;
    setEnabled(!frozen);
}

QToolButton* DecodeChips::chip(const client::WrapStep& step, std::size_t index)
{
    auto* button = new QToolButton(this);
    setStyleRole(button, "chip");
    const QString name = text(client::name(step.wrapping));
    button->setText(name + QStringLiteral("  \u00d7"));
    button->setToolTip(tr("Leave %1 on").arg(name));
    button->setAccessibleName(tr("%1, taken off; press to leave it on").arg(name));
    connect(button, &QToolButton::clicked, this, [this, index] { remove(index); });
    return button;
}

void DecodeChips::refresh()
{
    const auto& decoded = m_presenter.now().decoded;
    setVisible(decoded != nullptr);
    if (!decoded)
        return;
    const QString form = decoded->form == client::ValueForm::Image && !decoded->imageType.empty()
        ? QString::fromStdString(decoded->imageType).toUpper()
        : text(client::name(decoded->form));
    m_form->setText(form + QStringLiteral("  \u25be"));
    m_form->setAccessibleName(tr("read as %1").arg(form));
    if (decoded->chain == m_shown && m_chips.size() == m_shown.size())
        return;
    m_shown = decoded->chain;
    // Layers first, in the order they came off.
    m_flow->removeWidget(m_form);
    m_flow->removeWidget(m_add);
    for (auto* old : m_chips) {
        m_flow->removeWidget(old);
        old->hide();
        old->deleteLater();
    }
    m_chips.clear();
    for (std::size_t i = 0; i < m_shown.size(); ++i) {
        m_chips.push_back(chip(m_shown[i], i));
        m_flow->addWidget(m_chips.back());
        m_chips.back()->show(); // at once, not with the next event
    }
    m_flow->addWidget(m_form);
    m_flow->addWidget(m_add);
}

// With a layer left on, what was inside it cannot come off either.
void DecodeChips::remove(std::size_t index)
{
    std::vector<client::WrapStep> chain = m_shown;
    chain.resize(std::min(chain.size(), index));
    m_presenter.setChain(std::move(chain));
}

void DecodeChips::add(client::Wrapping wrapping)
{
    std::vector<client::WrapStep> chain = m_shown;
    chain.push_back({wrapping});
    m_presenter.setChain(std::move(chain));
}

} // namespace norikv::widgets
