"""Identifiers beyond ASCII, and text in many scripts. Ω ≠ Ω until normalised."""

naïve = 1
größe, höhe = 2, 3
переменная = "кириллица"
变量 = {"键": "值"}
変数名 = [1, 2, 3]
متغير = "right to left"
מספר = 4
ελληνικά = lambda αριθμός: αριθμός * 2
ñandú: int = 5
π = 3.14159
Δx = 0.1
_é = é = 1
x̄ = 2.5
ª = º = 1
K = "Kelvin sign, becomes K"
ﬁ = "a ligature, becomes fi"
ℌ = "black letter H, becomes H"
𝔘𝔫𝔦𝔠𝔬𝔡𝔢 = "becomes Unicode"
𝒳 = 1
x·y = "the middle dot is allowed inside a name"
a℘ = ℘ = "Weierstrass"
℮ = "estimated sign"
n፩ = "an Ethiopic digit inside a name"
가나다 = "한국어"
क्षेत्र = "देवनागरी"
ไทย = "ไทย"


class Größe:
    α = 1

    def länge(self, *, größer=größe): return self.länge_ + größer


def été(où, ça=1, *garçons, **élèves):
    """Un résumé: « où », œuvre, 🙂."""
    global naïve
    naïve = où  # commentaire: à côté
    return f"{où} – {ça!r} – {été} {'été'}"


match π:
    case Größe(α=β): pass
    case {"ключ": γ, **δ}: pass
    case _: pass
for ключ, 값 in 变量.items(): print(ключ, 값)
[é for é in "éèê" if é]
été(où=1, ça=2)
print("emoji 👩‍👩‍👧 flag 🇫🇷", 'zero​width', "bom ﻿ inside", "line separator   here", "next line \x85 and  raw")
# комментарий 注释 تعليق 🙂
