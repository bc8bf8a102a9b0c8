"""How much a word says in Python code: the rarer, the more.

It was counted in the standard library and in a few hundred public packages: the
thousand stems that are in most passages, by the logarithm of how rare they are. What is
not among them is rare.
"""

from __future__ import annotations

import functools

_BANDS = """
0.5 err get valu
1.0 add bas default except funct len object rais return str try typ use we
1.5 also append arg argument attribut cal cas check cod contain creat data defin
1.5 elif end exampl fil first format given handl http ignor implement includ instanc
1.5 isinstanc item key lik lin mak map match method modul must nam need not numb
1.5 optional oth paramet pars pas path py python re result see should start support
1.5 text used using vers whil
2.0 allow arra assert becaus break byt chang clos collect com content context
2.0 continu convert cop count current detail don element empt encod exist expres
2.0 fail filenam final find float follow form found func generat group head her id
2.0 index info input instead integ invalid join keyword kwarg lambda last length
2.0 load log max messag mod next nod non open opt ord org os otherwis output param
2.0 part point pop print proces propert provid rang read referenc remov replac
2.0 represent request requir right root run sequenc set singl siz som sourc specif
2.0 split stat sup sys test thes tim token updat url user util valid variabl warn
2.0 without work wrap writ yield you zero
2.5 abc accept acces act actual alread alway annot api appl attr auth availabl avoid
2.5 been between block bod both build builtin cach callabl cannot char charact
2.5 client col command comment common compil complex comput condit config configur
2.5 connect constant construct control copyright cor custom debug definit del delet
2.5 deprecat descript dictionar different dir director disabl distribut doc document
2.5 doesn eith enabl ensur entr equal even event execut exit expect expr extend
2.5 extens extra field filt flag ful futur getattr global hasattr help html impl
2.5 inform internal io iter iterabl iterat json just keep left level licens limit
2.5 literal loc local long low main math mean min mis model modif most msg multipl
2.5 namespac now np num obj oper operat original packag parent pattern possibl
2.5 prefix present random real ref regex repr resolv resourc respons rul search
2.5 second select separat serv shap simpl sinc skip sort spac special specific
2.5 standard statu stor stream styl sub such sum symbol symp system tabl tag tak
2.5 target term und union validat var want way wheth whitespac window word would
3.0 about abov abs account additional algorithm alia alias anoth applic asci assign
3.0 assignment assum async attempt auto automatical await aws back backend basic
3.0 begin behavi being below binar bit boolean bound bsd buf calculat cast chain
3.0 child children clas classmethod clear column combin compatibilit complet
3.0 component correspond could currentl dat datetim declar decod decorat depend
3.0 deprec describ detect determin dif direct directl displa domain doubl dtyp dur
3.0 en enum enumerat environment eq equivalent escap etc eval evaluat ever exc exp
3.0 expand extract fact fast fix forc fram fre functool general generic github giv
3.0 happen hash host howev identifi imag import indicat inf initial initializ insert
3.0 insid instal interfac invok issu itself kind known label languag larg lat least
3.0 les let lex lib librar link list look lookup loop man manag mark matrix maximum
3.0 memb meta metadata might mov necessar negativ nest network nev normal normaliz
3.0 noth nul nump offset onc op order overrid own pag pair partial pep perform
3.0 permis pi pip plac platform port pos posit positiv pow privat produc protocol
3.0 public punctu put quer quot raw reason receiv record reduc reg regist relativ
3.0 report reserv revers row runtim saf sav schema scip scop script sect send servic
3.0 shar short show sign signatur slot spec sqrt stack startswith statement
3.0 staticmethod step stil stop strict strip structur subclas suffix sur syntax
3.0 templat thos thread through timeout todo too top total traceback transform tre
3.0 tupl unicod uniqu unknown unles until upp us usag useful utf val ver verif
3.0 versionad via visit wait wel width within www zip
3.5 ab absolut abstract accord activ addres again against along alt amazon anyth app
3.5 appear appropriat arbitrar archiv arn around array associat ast attach axi
3.5 backward bad bar best bin bind branch brows built bygroup ca callback cancel
3.5 catch caus cc cent choic cmd coef coefficient comma compar comparison compatibl
3.5 consid consider consol const constraint consum correct cos cov ctx db degre
3.5 dependenc deriv dev differenc dimens dist docstr dot down due dum dump duplicat
3.5 ec edg effect emit endpoint endswith ent env equ evalu exact exactl exclud exec
3.5 explan explicit explicitl export ext external factor failur fd featur ff finish
3.5 finit fn foo forward frac gen getitem go got graph hex high highlight hint hold
3.5 hook identit inc indent indic infinit inherit inlin inn inspect interpret
3.5 interval invers ip isn itertool know latest lead leav lineno ll locat lock logic
3.5 lt mad mayb memor merg meth mimetyp minimum misc moto mul multi multilin nan
3.5 ndarra newlin noqa numeric obtain occur one optimiz origin our out overload pad
3.5 particular partit pdf plain pleas pol polic polynomial post pragma pre precis
3.5 prepar preserv pret prevent previou problem product program project prompt prop
3.5 prox purpos push pygment rath rational recursiv regular rel relat releas remain
3.5 repeat requirement res reset rest rfc rol rv sampl satisf scal scalar schem
3.5 securit ser serializ ses setattr setup sid signal similar simplif sin slic smal
3.5 socket softwar solv someth squar src ssl st stacklevel static stder stdout
3.5 struct suppl suppres sym sync task team terminat thing throw timedelta titl trac
3.5 track trail translat treat undefin unit unix unpack unsupport uri usual utilit
3.5 vect verbos view web weight whos wiki wikipedia win written xxx yet your
4.0 abort alpha apach asarra authoriz basi becom bet blob bug canonical car cel
4.0 certificat cf choos continuou contribut cre cros dataclas decimal decl delimit
4.0 depth derivativ develop digit dirnam discard dispatch distutil drop dynamic
4.0 email entit environ eof ex fallback flatten flow flush frozen gamma great ids
4.0 idx important kw le legac linear listen macro manual mask matric md ns nx ok
4.0 omit outsid password pathlib probabl protect queu registr rend req ret retr
4.0 retriev round rout segment sep shel shift solut storag strateg subproces
4.0 subscript switch sympif tab terminal though thu tool turn txt typical urllib
4.0 vend visibl warrant whol
"""
# What is not among them.
_RARE = 5.5


def rarity(stem: str) -> float:
    """Return how rare a stem is in code, from 0.5 to 5.5."""
    return _table().get(stem, _RARE)


@functools.cache
def _table() -> dict[str, float]:
    found: dict[str, float] = {}
    for line in _BANDS.split("\n"):
        band, *stems = line.split() or ("0",)
        found.update(dict.fromkeys(stems, float(band)))
    return found
