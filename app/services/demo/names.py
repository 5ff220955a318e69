"""Invented names in the scripts that people bring: first names of women and of men, and family names, by language.

They are common names put together at random; whoever is really called so is not meant.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

NAMES: Final[Mapping[str, tuple[str, str, str]]] = MappingProxyType({
    "nl": (
        "Marleen Griet Katrien Lieve Ann Hilde Els Sofie Lotte Veerle Nele Ingrid Leen Karen Tine Hannelore Rita Machteld",
        "Jan Peter Koen Wim Bart Luc Dirk Tom Pieter Stijn Geert Jef Wouter Karel Joris Bram Marc Guido",
        "Peeters Janssens Maes Jacobs Mertens Willems Claes Goossens Wouters Smets Vermeulen Aerts Hermans Dubois Lambrecht Baeten",
    ),
    "ar": (
        "أمينة فاطمة ليلى هدى سلمى نور زينب رنا مريم سارة",
        "أحمد محمود يوسف خالد سامر عمر حسن إبراهيم طارق باسل",
        "الحداد الخطيب النجار المصري الشامي الحلبي العلي منصور قاسم درويش",
    ),
    "en": (
        "Grace Blessing Joy Mercy Faith Abena Esther Ngozi",
        "Emmanuel Kofi Samuel Daniel Kwame Tunde Isaac Felix",
        "Mensah Owusu Okafor Adeyemi Boateng Eze Asante Obi",
    ),
    "fr": (
        "Aïcha Fatou Clarisse Mariam Béatrice Nadine Awa Solange",
        "Moussa Ibrahima Jean-Paul Patrick Serge Ousmane Blaise Didier",
        "Diallo Mbemba Traoré Kabongo Nkosi Camara Bangoura Ilunga",
    ),
    "uk": (
        "Олена Наталія Ірина Оксана Тетяна Юлія Марія Ганна",
        "Андрій Сергій Олександр Дмитро Іван Богдан Микола Тарас",
        "Коваленко Шевчук Бондаренко Ткачук Мельник Савченко Лисенко Гриценко",
    ),
    "ru": (
        "Анна Елена Светлана Марина Зарема Лариса",
        "Алексей Михаил Руслан Тимур Виктор Роман",
        "Иванов Соколов Магомедов Петренко Орлов Ким",
    ),
    "tr": (
        "Ayşe Elif Zeynep Gülşen Hatice Meryem",
        "Mehmet Mustafa Emre Hüseyin Kerem Yusuf",
        "Yılmaz Demir Şahin Çelik Öztürk Aydın",
    ),
    "fa": (
        "زهرا مریم شیرین نرگس پروین لاله",
        "علی رضا حسین امیر نوید کاوه",
        "رضایی احمدی کریمی موسوی حیدری نوری",
    ),
    "prs": ("فرشته شکیبا ناهید مرسل رویا حمیده", "فرید نجیب بشیر جواد سهراب وحید", "رحیمی سلطانی حبیبی یوسفی امینی صدیقی"),
    "ps": ("زرغونه پلوشه سپوږمۍ ملاله وږمه", "اسدالله ګل محمد زلمی شېرین هارون", "احمدزی ستانکزی وردک کاکړ خټک"),
    "ti": ("ሰላም ኣብርሀት ሄለን ሚኪኤላ ራሄል ሳባ", "ዮናስ ተኽለ ሳሙኤል ኣማኑኤል ሮቤል ዳዊት", "ተስፋይ ገብረመድህን ሃይለ በርሀ ኪዳነ ወልዱ"),
    "so": ("Hodan Ayaan Sahra Ifrah Faduma Hibaq", "Abdi Cabdullahi Maxamed Liibaan Yuusuf Xasan", "Warsame Jaamac Cali Faarax Nuur Cumar"),
    "es": ("Lucía Carmen Paola Daniela Marisol Yolanda", "Carlos Diego Andrés Javier Luis Mateo", "Ramírez Quispe Gómez Castillo Rojas Peña"),
    "pl": ("Agnieszka Katarzyna Małgorzata Joanna Zofia", "Paweł Krzysztof Tomasz Marek Łukasz", "Kowalczyk Wiśniewska Zieliński Wójcik Nowicka"),
    "ro": ("Ioana Elena Mihaela Andreea Simona", "Ștefan Mihai Gabriel Cristian Vlad", "Popescu Ionescu Țăranu Stoica Dumitrescu"),
    "bg": ("Мария Десислава Йорданка Радка", "Иван Георги Стоян Петър", "Димитров Георгиева Стоянов Колева"),
    "ku": ("Berîvan Rojîn Zîn Evîn", "Azad Baran Dilovan Serhat", "Botanî Şêxo Cizîrî Amedî"),
    "pt": ("Beatriz Luciana Teresa Inês", "João Tiago Rui Nuno", "Silva Carvalho Nascimento Lopes"),
    "sq": ("Arjeta Blerta Shpresa Vjosa", "Agron Besnik Driton Luan", "Krasniqi Hoxha Gashi Berisha"),
    "am": ("ሕይወት ትዕግስት አልማዝ ሰናይት", "አበበ ግርማ ብርሃኑ ዮሐንስ", "ታደሰ ከበደ ለማ አለሙ"),
    "ur": ("عائشہ ثناء نادیہ صبا", "عمران فیصل بلال حامد", "قریشی چوہدری ملک بٹ"),
    "bn": ("নাসরিন শিরিন রোকেয়া তানিয়া", "রহিম করিম সোহেল আরিফ", "হোসেন রহমান ইসলাম আহমেদ"),
    "ne": ("सुनिता अञ्जली सीता मनिषा", "राजेश दीपक सुरेश विकास", "गुरुङ तामाङ श्रेष्ठ थापा"),
    "zh": ("秀英 美玲 晓燕 丽华", "建国 志强 文杰 家明", "王 李 张 陈"),
    "hy": ("Անահիտ Նարինե Լուսինե Մարինե", "Արմեն Գևորգ Տիգրան Վահան", "Պետրոսյան Սարգսյան Գրիգորյան Հակոբյան"),
    "ka": ("ნინო თამარ ქეთევან მაკა", "გიორგი ლევან დავით ზურაბ", "ბერიძე მაისურაძე კაპანაძე ლომიძე"),
    "vi": ("Lan Hương Mai Thảo", "Minh Tuấn Dũng Hải", "Nguyễn Trần Phạm Lê"),
    "ln": ("Bolingo Elikya Mamie Nsimba", "Makambo Lokwa Tresor Papy", "Mbala Ngoma Matondo Lukusa"),
})  # fmt: skip


def women(language: str) -> list[str]:
    """First names of women in that language."""
    return NAMES[language][0].split()


def men(language: str) -> list[str]:
    """First names of men in that language."""
    return NAMES[language][1].split()


def families(language: str) -> list[str]:
    """Family names in that language."""
    return NAMES[language][2].split()
