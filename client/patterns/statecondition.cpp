// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/patterns/fold.h"

#include <nlohmann/json.hpp>

#include <array>
#include <charconv>

namespace norikv::client {

namespace {

using Op = StateCondition::Op;

struct Sign {
    std::string_view text;
    Op op;
};
// Two characters before one: `<=` is no `<`.
constexpr std::array signs{Sign{"<=", Op::LessEqual}, Sign{">=", Op::GreaterEqual}, Sign{"!=", Op::NotEqual},
    Sign{"==", Op::Equal}, Sign{"<", Op::Less}, Sign{">", Op::Greater}, Sign{"=", Op::Equal}};

std::string_view trimmed(std::string_view text)
{
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::string unescaped(std::string_view part)
{
    std::string out;
    for (std::size_t i = 0; i < part.size(); ++i) {
        const bool escape = part[i] == '~' && i + 1 < part.size();
        if (escape && (part[i + 1] == '0' || part[i + 1] == '1'))
            out += part[++i] == '0' ? '~' : '/';
        else
            out += part[i];
    }
    return out;
}

const FoldState* child(const FoldState& node, std::string_view part, bool pointer)
{
    if (node.is_object()) {
        const auto found = node.find(pointer ? unescaped(part) : std::string(part));
        return found == node.end() ? nullptr : &*found;
    }
    std::size_t index = 0;
    const auto [stop, error] = std::from_chars(part.data(), part.data() + part.size(), index);
    const bool whole = error == std::errc() && stop == part.data() + part.size();
    return node.is_array() && whole && index < node.size() ? &node[index] : nullptr;
}

const FoldState* find(const FoldState& state, std::string_view path)
{
    // A name with dots in it is found as it stands.
    if (const FoldState* whole = child(state, path, false))
        return whole;
    const bool pointer = path.starts_with('/');
    std::string_view rest = pointer ? path.substr(1) : path;
    const FoldState* node = &state;
    while (node) {
        const auto end = rest.find(pointer ? '/' : '.');
        node = child(*node, rest.substr(0, end), pointer);
        if (end == std::string_view::npos)
            break;
        rest.remove_prefix(end + 1);
    }
    return node;
}

template <class T> bool compare(const T& a, Op op, const T& b)
{
    switch (op) {
    case Op::Less:
        return a < b;
    case Op::LessEqual:
        return a <= b;
    case Op::Equal:
        return a == b;
    case Op::NotEqual:
        return a != b;
    case Op::GreaterEqual:
        return a >= b;
    case Op::Greater:
        break;
    }
    return a > b;
}

} // namespace

Result<StateCondition> StateCondition::parse(std::string_view text)
{
    const auto at = text.find_first_of("<>=!");
    if (at == std::string_view::npos)
        return fail(ErrorKind::InvalidRequest, "a condition is a path, an operator and a value: balance < 0");
    for (const Sign& sign : signs) {
        if (!text.substr(at).starts_with(sign.text))
            continue;
        StateCondition out;
        out.path = trimmed(text.substr(0, at));
        out.op = sign.op;
        std::string_view value = trimmed(text.substr(at + sign.text.size()));
        if (out.path.empty() || value.empty())
            return fail(ErrorKind::InvalidRequest,
                out.path.empty() ? "there is no path before the operator"
                                 : "there is no value after the operator");
        if (value.size() >= 2 && (value.front() == '"' || value.front() == '\'')
            && value.back() == value.front()) {
            out.text = value.substr(1, value.size() - 2);
            return out;
        }
        out.text = value;
        double number = 0;
        const auto [stop, error] = std::from_chars(value.data(), value.data() + value.size(), number);
        if (error == std::errc() && stop == value.data() + value.size())
            out.number = number;
        return out;
    }
    return fail(ErrorKind::InvalidRequest, "the operator is none of < <= = != >= >");
}

bool StateCondition::holds(const FoldState& state) const
{
    const FoldState* value = find(state, path);
    if (value && number && value->is_number())
        return compare(value->get<double>(), op, *number);
    if (value && !number && value->is_string())
        return compare(value->get_ref<const std::string&>(), op, text);
    if (value && !number && (value->is_boolean() || value->is_null())) {
        const bool same = value->dump() == text;
        return op == Op::Equal ? same : op == Op::NotEqual && !same;
    }
    return op == Op::NotEqual;
}

} // namespace norikv::client
