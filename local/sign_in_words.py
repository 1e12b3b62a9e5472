"""Texts of the local sign-in page, in the languages of the pages that lead to it (parameter `lang`, as in the pool)."""

from __future__ import annotations

from collections.abc import Mapping

ENGLISH = "en"
WORDS: Mapping[str, Mapping[str, str]] = {  # English text in sign_in.py and people.py -> language -> translation
    "Sign in: Tamga": {"ky": "Кирүү: Tamga", "ru": "Вход: Tamga"},
    "Sign in to the practice ministry": {"ky": "Машыгуу министрлигине кирүү", "ru": "Вход в учебное министерство"},
    "Sign in to the made-up real register": {
        "ky": "Ойдон чыгарылган чыныгы реестрге кирүү",
        "ru": "Вход в вымышленный настоящий реестр",
    },
    "This page stands in a local run for the user pool's own. Everybody here is invented.": {
        "ky": "Жергиликтүү ишке киргизүүдө бул барак чыныгы кирүү барагынын ордуна турат. Бул жердегилердин баары "
        "ойдон чыгарылган.",
        "ru": "При местном запуске эта страница стоит вместо настоящей страницы входа. Все люди здесь вымышленные.",
    },
    "Example data are still coming in: the terminal says when it is ready.": {
        "ky": "Мисал маалыматтар али жүктөлүп жатат: даяр болгондо терминал айтат.",
        "ru": "Примерные данные ещё заносятся: когда всё будет готово, скажет терминал.",
    },
    "One tap: sign-in name, who it is, what they do": {
        "ky": "Бир басуу менен: кирүү аты, ким экени, эмне кылары",
        "ru": "Одним нажатием: имя для входа, кто это и что делает",
    },
    "By name and password": {"ky": "Аты жана сырсөз менен", "ru": "По имени и паролю"},
    "Name": {"ky": "Аты", "ru": "Имя"},
    "Password": {"ky": "Сырсөз", "ru": "Пароль"},
    "Sign in": {"ky": "Кирүү", "ru": "Войти"},
    "One more step": {"ky": "Дагы бир кадам", "ru": "Ещё один шаг"},
    "Go on": {"ky": "Улантуу", "ru": "Дальше"},
    "Your first password was for one use. Choose your own": {
        "ky": "Биринчи сырсөзүңүз бир жолку эле. Өзүңүздүкүн ойлоп табыңыз",
        "ru": "Первый пароль был на один раз. Придумайте свой",
    },
    "Six digits of your authenticator": {
        "ky": "Аутентификаторуңуздун алты цифрасы",
        "ru": "Шесть цифр вашего аутентификатора",
    },
    "Six digits that it shows for this key": {
        "ky": "Ал ушул ачкыч үчүн көрсөткөн алты цифра",
        "ru": "Шесть цифр, которые он показывает для этого ключа",
    },
    "Key for your authenticator": {"ky": "Аутентификаторуңуз үчүн ачкыч", "ru": "Ключ для вашего аутентификатора"},
    "Wrong, or out of time. Begin again.": {
        "ky": "Туура эмес же убакыт өтүп кетти. Кайра баштаңыз.",
        "ru": "Неверно, или время вышло. Начните снова.",
    },
    "applies for permits": {"ky": "уруксат сурайт", "ru": "подаёт заявки на разрешения"},
    "prepares and issues permits": {
        "ky": "уруксаттарды даярдайт жана берет",
        "ru": "готовит и выдаёт разрешения",
    },
    "gives the Scientific Authority's findings": {
        "ky": "Илимий органдын корутундусун берет",
        "ru": "даёт заключения Научного органа",
    },
    "approves permits": {"ky": "уруксаттарды бекитет", "ru": "утверждает разрешения"},
    "border guard": {"ky": "чек арачы", "ru": "пограничник"},
    "veterinary and plant inspection": {
        "ky": "ветеринария жана өсүмдүк карантини",
        "ru": "ветеринарный и растительный надзор",
    },
    "customs officer": {"ky": "бажы кызматкери", "ru": "сотрудник таможни"},
    "police, wildlife crime": {
        "ky": "милиция, жапайы жаратылышка каршы кылмыштар",
        "ru": "милиция, преступления против дикой природы",
    },
    "audits who did what": {"ky": "ким эмне кылганын текшерет", "ru": "проверяет, кто что сделал"},
    "administers quotas, stamps, devices": {
        "ky": "квоталарды, маркаларды, түзмөктөрдү жүргүзөт",
        "ru": "ведёт квоты, марки, устройства",
    },
    "first day": {"ky": "биринчи күн", "ru": "первый день"},
}
LANGUAGES = ("ky", "ru", ENGLISH)


def say(sentence: str, language: str) -> str:
    """Translate the text. A text that is not the page's own, such as a person's name, stays as it is."""
    return WORDS.get(sentence, {}).get(language, sentence)
