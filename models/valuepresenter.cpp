// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/valuepresenter.h"

#include "client/decode/msgpack.h"
#include "client/decode/protobufwire.h"

namespace norikv::models {

namespace {

using client::Decoded;
using client::ValueForm;

constexpr std::size_t MostShown
    = 4 * 1024 * 1024; ///< decoded bytes in a view; stored values have 1 MiB at most
constexpr std::size_t MostInTree = 8 * 1024 * 1024;

QString megabytes(std::size_t bytes)
{
    return QString::number(static_cast<double>(bytes) / (1024 * 1024), 'f', 1);
}

client::Bytes prefixOf(const client::Bytes& key)
{
    const auto colon = key.rfind(':');
    return colon == client::Bytes::npos ? key : key.substr(0, colon + 1);
}

void remark(ValueLayout& layout, const QString& text)
{
    layout.remark = layout.remark.isEmpty() ? text : text + QLatin1Char(' ') + layout.remark;
}

client::Result<std::string> words(const Decoded& decoded, const std::stop_token& stop)
{
    return decoded.form == ValueForm::MessagePack ? client::msgpackToText(decoded.bytes, {}, stop)
                                                  : client::protobufToText(decoded.bytes, {}, stop);
}

std::shared_ptr<const JsonTree> treeOf(const std::shared_ptr<const Decoded>& decoded, QString& why)
{
    if (decoded->bytes.size() > MostInTree) {
        why = ValuePresenter::tr("over %1 MB: shown as text").arg(MostInTree / (1024 * 1024));
        return nullptr;
    }
    client::JsonLimits limits;
    limits.lenient = true;
    auto document = client::parseJson(decoded->bytes, limits);
    if (!document) {
        why = ValuePresenter::tr("no tree: %1. Shown as text.")
                  .arg(QString::fromStdString(document.error().message));
        return nullptr;
    }
    return std::make_shared<JsonTree>(JsonTree{decoded, std::move(*document)});
}

} // namespace

ViewMode viewFor(ValueForm form)
{
    switch (form) {
    case ValueForm::Json:
        return ViewMode::Json;
    case ValueForm::Image:
        return ViewMode::Image;
    case ValueForm::Binary:
        return ViewMode::Hex;
    case ValueForm::Text:
    case ValueForm::MessagePack:
    case ValueForm::Protobuf:
        break;
    }
    return ViewMode::Text;
}

ValueLayout layoutDecoded(
    const Decoded& decoded, ViewMode mode, std::size_t hexColumns, const std::stop_token& stop)
{
    const std::string_view bytes = std::string_view(decoded.bytes).substr(0, MostShown);
    ValueLayout layout;
    const bool named = decoded.form == ValueForm::MessagePack || decoded.form == ValueForm::Protobuf;
    if (named && (mode == ViewMode::Text || mode == ViewMode::Json)) {
        const auto text = words(decoded, stop);
        layout = layoutText(text ? std::string_view(*text) : bytes);
        if (text)
            layout.mode = ViewMode::Json; // coloured alike
        else
            layout.remark = QString::fromStdString(text.error().message);
    } else {
        layout = mode == ViewMode::Hex ? layoutHex(bytes, hexColumns) : layoutValue(bytes, mode);
    }
    if (decoded.bytes.size() > MostShown)
        remark(layout,
            ValuePresenter::tr("The first %1 of %2 MB are shown.")
                .arg(megabytes(MostShown), megabytes(decoded.bytes.size())));
    return layout;
}

client::Bytes readableText(const Decoded& decoded, const std::stop_token& stop)
{
    client::JsonLimits lenient;
    lenient.lenient = true;
    if (decoded.form == ValueForm::Json) {
        if (auto pretty = client::prettyJson(decoded.bytes, lenient))
            return std::move(*pretty);
    }
    if (decoded.form == ValueForm::MessagePack || decoded.form == ValueForm::Protobuf) {
        if (auto text = words(decoded, stop))
            return std::move(*text);
    }
    if (decoded.form == ValueForm::Text || decoded.form == ValueForm::Json)
        return decoded.bytes;
    client::Bytes out;
    const ValueLayout hex = layoutHex(std::string_view(decoded.bytes).substr(0, MostShown));
    for (const QString& line : hex.lines)
        out += line.toStdString() + '\n';
    return out;
}

ValuePresenter::ValuePresenter(Dispatcher& dispatcher, QObject* parent)
    : QObject(parent)
    , m_dispatcher(dispatcher)
{
}

void ValuePresenter::present(const client::Bytes& key, const client::Bytes& value)
{
    if (m_presented && m_key == key && m_value && *m_value == value) {
        Q_EMIT presented(); // the same again: what is open stays open
        return;
    }
    if (m_key != key)
        m_modeChosen = false;
    m_key = key;
    m_value = std::make_shared<const client::Bytes>(value);
    m_presented = false;
    work();
}

void ValuePresenter::clear()
{
    m_job.cancel();
    m_key.clear();
    m_value.reset();
    m_now = {};
    m_presented = false;
    m_modeChosen = false;
}

void ValuePresenter::setMode(ViewMode mode)
{
    m_mode = mode;
    m_modeChosen = true;
    if (m_value)
        work(m_presented ? m_now.decoded : nullptr);
}

void ValuePresenter::setHexColumns(std::size_t columns)
{
    if (std::exchange(m_hexColumns, columns) != columns && m_value && m_mode == ViewMode::Hex)
        work(m_presented ? m_now.decoded : nullptr);
}

const client::DecodeWish& ValuePresenter::wish() const
{
    static const client::DecodeWish none;
    const auto found = m_wishes.find(prefixOf(m_key));
    return found == m_wishes.end() ? none : found->second;
}

bool ValuePresenter::chosen() const { return wish().chain || wish().form; }

void ValuePresenter::setChain(std::optional<std::vector<client::WrapStep>> chain)
{
    // What the rest is read as was said of other bytes.
    m_wishes[prefixOf(m_key)] = {std::move(chain), std::nullopt};
    m_modeChosen = false;
    if (m_value)
        work();
}

void ValuePresenter::setForm(std::optional<client::ValueForm> form)
{
    m_wishes[prefixOf(m_key)].form = form;
    m_modeChosen = false;
    if (m_value)
        work();
}

void ValuePresenter::setAutomatic()
{
    m_wishes.erase(prefixOf(m_key));
    m_modeChosen = false;
    if (m_value)
        work();
}

void ValuePresenter::copy(CopyAs what)
{
    if (!m_value || !m_now.decoded)
        return;
    m_copyJob = m_dispatcher.run(
        this,
        [what, stored = m_value, decoded = m_now.decoded](const std::stop_token& stop) -> QString {
            if (what == CopyAs::Hex) {
                const QByteArray bytes
                    = QByteArray::fromRawData(stored->data(), static_cast<qsizetype>(stored->size()));
                return QString::fromLatin1(bytes.toHex(' '));
            }
            if (what == CopyAs::Json && decoded->form != ValueForm::Json)
                return QString::fromStdString(client::quoteJson(decoded->bytes));
            const client::Bytes text = what == CopyAs::Json ? readableText(*decoded, stop) : decoded->bytes;
            return QString::fromStdString(client::isUtf8(text) ? text : client::printable(text));
        },
        [this, what](const QString& text) { Q_EMIT copyReady(what, text); });
}

void ValuePresenter::work(std::shared_ptr<const Decoded> decoded)
{
    m_job = m_dispatcher.run(
        this,
        [value = m_value, decoded = std::move(decoded), wish = wish(), columns = m_hexColumns,
            mode = m_modeChosen ? std::optional(m_mode) : std::nullopt](const std::stop_token& stop) mutable {
            auto out = std::make_shared<Presentation>();
            if (!decoded)
                decoded = std::make_shared<const Decoded>(client::decode(*value, wish, stop));
            out->decoded = decoded;
            out->mode = mode.value_or(viewFor(decoded->form));
            QString why;
            if (out->mode == ViewMode::Tree)
                out->tree = treeOf(decoded, why);
            if (!out->tree && out->mode != ViewMode::Image)
                out->layout = layoutDecoded(*decoded, out->mode, columns, stop);
            if (!why.isEmpty())
                remark(out->layout, why);
            if (decoded->problem)
                remark(out->layout, QString::fromStdString(decoded->problem->message) + QLatin1Char('.'));
            out->notEditable = editable(*decoded);
            if (out->notEditable == NotEditable::Editable)
                out->draft = draftOf(*value, *decoded);
            return out;
        },
        [this](const std::shared_ptr<Presentation>& ready) {
            m_now = std::move(*ready);
            m_mode = m_now.mode;
            m_presented = true;
            Q_EMIT presented();
        });
}

} // namespace norikv::models
